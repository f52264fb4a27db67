import AttentionFiles
import AttentionTensors
import Testing

@Suite struct TensorMemoryTests {
    @Test func whatIsInUseIsNotReleased() throws {
        let kept = Tensor.uniform([1000], in: -1...1, key: RandomKey(seed: 1))
        let values = kept.values
        do { _ = Tensor.ones([1 << 20]) }  // waits for reuse from here on
        TensorMemory.releaseUnused()
        TensorMemory.releaseUnused()
        let other = Tensor.zeros([1 << 20])
        #expect(kept.values == values)
        #expect(other.values.allSatisfy { $0 == 0 })
    }

    @Test func whatIsIdleIsReleasedAndNothingElse() throws {
        let kept = Tensor.uniform([3000], in: -1...1, key: RandomKey(seed: 2))
        let values = kept.values
        for size in [3000, 1 << 20, 3 << 18] {
            do { _ = Tensor.ones([size]) }
            TensorMemory.releaseIdle()
        }
        TensorMemory.releaseIdle()
        #expect(kept.values == values)
        #expect(Tensor.zeros([1 << 20]).values.allSatisfy { $0 == 0 })
    }
}

import AttentionTensors
import Testing

/// Graphs far longer than a stack of calls may be deep.
@Suite(.serialized) struct LongGraphTests {
    private static let stepCount = 1_000_000

    private func chain(_ x: Tensor) -> Tensor {
        var y = x
        for _ in 0..<Self.stepCount { y = y + 1 }
        return y
    }

    @Test func aMillionStepsAreDifferentiatedAndFreed() throws {
        let x = Tensor(0).tracked()
        let y = chain(x)
        #expect(y.scalar == Float(Self.stepCount))
        #expect(try y.gradients()[x]?.scalar == 1)
    }

    @Test func aMillionStepsAreFreedUndifferentiated() {
        final class Witness: Sendable {}
        weak var witness: Witness?
        do {
            let x = Tensor(0).tracked()
            let seen = Witness()
            witness = seen
            let y = chain((x + 1).detached().derived(from: x) { _, _ in withExtendedLifetime(seen) {} })
            #expect(y.isTracked && witness != nil)
        }
        #expect(witness == nil)
    }

    /// Every step holds both of the steps before it: so many paths, each node freed once.
    @Test func graphsThatBranchAreFreed() throws {
        let x = Tensor(1).tracked()
        var (a, b) = (x * 0.5, x * 0.5)
        for _ in 0..<100_000 { (a, b) = (b, (a + b) * 0.5) }
        #expect(try #require(try a.gradients()[x]).scalar.isFinite)
    }

    @Test func threadsFreeTheirOwn() async {
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    var y = Tensor(0).tracked()
                    for _ in 0..<50_000 { y = y + 1 }
                    return y.scalar == 50_000
                }
            }
            for await isRight in group { #expect(isRight) }
        }
    }
}

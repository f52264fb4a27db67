import AttentionFiles
import AttentionTensors
import AttentionTestSupport
import AttentionTraining
import Testing
import TrainingProbe

struct ParameterGradientsTests {
    private func gradients(_ slopes: [Float], of model: [Parameter]) throws -> ParameterGradients {
        var result = ParameterGradients()
        for slope in slopes {
            let tracked = model.tracked()
            let loss = (tracked[0].tensor * slope).sum() + (tracked[1].tensor * (2 * slope)).sum()
            result.add(try loss.gradients(), of: tracked)
        }
        return result
    }

    @Test func sumsAddUpByName() throws {
        let model = [Tensor.ones([3]), .ones([2, 2]), .ones([5])].map { Parameter($0) }
        let sums = try gradients([1, 0.5, 2], of: model)
        #expect(sums["0"]?.values == [3.5, 3.5, 3.5])
        #expect(sums["1"]?.values == [7, 7, 7, 7])
        #expect(sums["2"] == nil)
    }

    @Test func normIsOverAllParameters() throws {
        // √(3 · 1² + 4 · 2²) = √19
        let sums = try gradients([1], of: [Parameter(.ones([3])), Parameter(.ones([2, 2]))])
        #expect(abs(sums.norm() - 4.3588989) < 1e-6)
        // More than one block: √(200000 · 1² + 1 · 2²)
        let large = try gradients([1], of: [Parameter(.ones([200_000])), Parameter(.ones([1]))])
        #expect(abs(large.norm() - 447.21807) < 1e-3)
    }

    @Test func clippingBoundsTheNormAndLeavesSmallOnesAlone() {
        #expect(clippingFactor(norm: 5, limit: 1) == 0.2)
        #expect(clippingFactor(norm: 0.5, limit: 1) == 1)
        #expect(clippingFactor(norm: 1, limit: 1) == 1)
        #expect(clippingFactor(norm: 0, limit: 1) == 1)
    }

    /// Two halves of a batch, one after the other, give the gradient of the whole.
    @Test func accumulationEqualsOneBatch() throws {
        let model = ToyTagger()
        let batch = ToyTagger.examples(20)
        func sums(_ batches: [ArraySlice<SequencePair>]) throws -> ParameterGradients {
            var sums = ParameterGradients()
            for batch in batches {
                let tracked = model.tracked()
                sums.add(try tracked.loss(Array(batch), key: nil).total.gradients(), of: tracked)
            }
            return sums
        }
        let whole = try sums([batch[...]])
        let halves = try sums([batch[..<10], batch[10...]])
        for (name, _) in model.parameters() {
            expectClose(try #require(halves[name]), try #require(whole[name]), tolerance: 1e-5)
        }
    }
}

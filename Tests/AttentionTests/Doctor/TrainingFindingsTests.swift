import Testing

@testable import Attention

/// What the doctor finds while models learn stands beside what they are chosen by.
@Suite struct TrainingFindingsTests {
    /// A head that looks at all alike, and one that tells four places apart.
    private static var layers: [LayerAttention] {
        get throws {
            let apart: [Float] = (0..<16).map { $0 / 4 == $0 % 4 ? 0.7 : 0.1 }
            let weights = [Float](repeating: 0.25, count: 16) + apart
            return [LayerAttention(layer: 0, weights: try Tensor(weights, shape: [1, 2, 4, 4]))]
        }
    }

    @Test func seriousFindingsAreMetrics() throws {
        let result = ValidationResult(loss: 1, metrics: ["accuracy": 0.5])
        let layers = try Self.layers
        let found = try result.examining { ClassPatient(parameters: [], layers: layers) }
        #expect(found.metrics == ["accuracy": 0.5, "attention.uniform": 1] && found.loss == 1)
        let broken = Parameter(try Tensor([1, .nan], shape: [2]))
        let numbers = try result.examining {
            ClassPatient(parameters: [("norm.weight", broken)], layers: [])
        }
        #expect(numbers.metrics == ["accuracy": 0.5, "attention.broken-numbers": 1])
        #expect(try result.examining { nil } == result)
    }

    /// Layers that look at less than the first, such as a head that pools, are left to others.
    @Test func layersOfOneSizeAreExamined() throws {
        let pooling = LayerAttention(layer: 1, weights: try Tensor([0.5, 0.5], shape: [1, 1, 1, 2]))
        let samples = ClassPatient(parameters: [], layers: try Self.layers + [pooling]).samples()
        #expect(samples.count == 1 && samples[0].layers.map(\.layer) == [0])
        #expect(samples[0].queryCounts == [4] && samples[0].keyCounts == [4])
    }

    @Test func theShortestComeFirst() {
        #expect(["aaa", "b", "cc", "ddddd"].shortest(2) { $0.count } == ["b", "cc"])
    }
}

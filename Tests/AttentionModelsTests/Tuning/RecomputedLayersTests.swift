import AttentionModels
import AttentionTensors
import Testing

/// Models learn the same, whether activations are kept or recomputed.
@Suite struct RecomputedLayersTests {
    private func gradients(
        of model: some Module, _ activations: Activations, _ loss: () throws -> Tensor
    ) throws -> [String: [Float]] {
        let found = try withActivations(activations) { try loss().gradients() }
        return model.parameters().reduce(into: [:]) { $0[$1.0] = found[$1.1.tensor]?.values }
    }

    @Test func aLanguageModelLearnsTheSame() throws {
        var sizes = GPT2.Sizes()
        (sizes.layerCount, sizes.modelSize, sizes.headCount) = (3, 32, 2)
        let model = try TrainableModel(
            sizes, vocabularySize: 50, contextLength: 16, endToken: 0, key: RandomKey(seed: 1)
        ).model.tracked()
        let rows = [[1, 2, 3, 4, 5, 6, 7], [8, 9, 10, 11]]
        let targets = rows.flatMap { row in (0..<7).map { row.indices.contains($0 + 1) ? row[$0 + 1] : nil } }
        func found(_ activations: Activations) throws -> [String: [Float]] {
            try gradients(of: model, activations) {
                try model.loss(TokenBatch(rows, padding: 0), targets: targets, training: RandomKey(seed: 2))
            }
        }
        let (kept, again) = (try found(.kept), try found(.recomputed))
        #expect(kept.count == model.parameters().count && kept == again)
    }

    @Test func anEncoderLearnsTheSame() throws {
        var sizes = AST.Sizes()
        (sizes.layerCount, sizes.modelSize, sizes.headCount, sizes.feedForwardSize) = (3, 32, 2, 32)
        let model = try TrainableModel(
            sizes, bandCount: 32, frameCount: 40, labels: ["a", "b"], key: RandomKey(seed: 1)
        ).model.tracked()
        let sounds = Tensor.normal([2, 40, 32], key: RandomKey(seed: 3))
        func found(_ activations: Activations) throws -> [String: [Float]] {
            try gradients(of: model, activations) {
                let encoded = try model.encoder.encode(sounds, training: RandomKey(seed: 2))
                return try #require(try model.logits(encoded.last)).crossEntropy(targets: [0, 1])
            }
        }
        let (kept, again) = (try found(.kept), try found(.recomputed))
        #expect(kept.count == model.parameters().count && kept == again)
    }
}

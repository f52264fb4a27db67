import AttentionTensors
import Testing

@testable import Attention
@testable import AttentionTraining

@Suite struct TranslationLossTests {
    private static let sentences = ["the quick fox", "the lazy dog jumps", "a fox"]

    /// A tiny model, a batch of pairs, and the loss that settings make of it.
    private func made(
        _ set: (inout TranslationTrainingSettings) -> Void
    ) throws -> (model: Transformer, batch: SequencePairBatch, loss: TranslationLoss) {
        let folder = try ModelFolder.tiny()
        let data = TranslationData(tokenizer: folder.tokenizer, special: folder.configuration.architecture.special)
        let pairs = zip(Self.sentences, Self.sentences.reversed()).map { SentencePair(source: $0, target: $1) }
        var settings = TranslationTrainingSettings()
        set(&settings)
        return (
            try #require(folder.model as? Transformer), data.batch(data.encode(pairs)),
            TranslationLoss(settings: settings, data: data)
        )
    }

    private func step(_ update: Int) -> TrainingStep {
        TrainingStep(update: update, key: RandomKey(seed: UInt64(update)))
    }

    @Test func ofOnePassIsTheModels() throws {
        let (model, batch, loss) = try made { _ in }
        let found = try loss.loss(of: model, batch, step(1))
        let expected = try model.loss(batch, smoothing: 0.1, training: step(1).key[0])
        #expect(found.total.scalar == expected.scalar)
        #expect(found.weight == Double(batch.targetTokenCount))
    }

    /// Without dropout both passes are one, so that nothing is added; with it they are apart.
    @Test func consistencyAddsWhatDropoutSetsApart() throws {
        let (model, batch, plain) = try made { _ in }
        let consistent = try made { $0.consistency = 5 }.loss
        var still = model.configuration
        still.dropout = 0
        let sure = try Transformer(still, key: RandomKey(seed: 1))
        let same = try (consistent.loss(of: sure, batch, step(1)).total, plain.loss(of: sure, batch, step(1)).total)
        #expect(abs(same.0.scalar - same.1.scalar) < 1e-3)
        let passes = try [0, 2].map { try model.loss(batch, smoothing: 0.1, training: step(1).key[$0]).scalar }
        #expect(try consistent.loss(of: model, batch, step(1)).total.scalar > (passes[0] + passes[1]) / 2 + 0.01)
    }

    /// Following the derivative of the risk makes what is nearer to people's translations likelier.
    @Test func riskFallsAlongItsDerivative() throws {
        let (start, batch, loss) = try made { $0.riskSamples = 6 }
        var model = start
        let before = try loss.loss(of: model, batch, step(1))
        #expect(before.weight == 3 && before.total.scalar > 0 && before.total.scalar < 3)
        let again = try loss.loss(of: model, batch, step(1))
        #expect(again.total.scalar == before.total.scalar, "the same key draws the same")
        var optimizer = Adam()
        for update in 1...8 {
            let tracked = model.tracked()
            let value = try loss.loss(of: tracked, batch, step(update))
            var gradients = ParameterGradients()
            gradients.add(try value.total.gradients(), of: tracked)
            optimizer.step(&model, gradients: gradients, scale: 1 / Float(value.weight), rate: 0.02)
        }
        #expect(try loss.loss(of: model, batch, step(1)).total.scalar < before.total.scalar - 0.1)
    }

    @Test func oneLossAtATime() throws {
        var settings = TranslationTrainingSettings()
        (settings.riskSamples, settings.consistency) = (4, 1)
        #expect(throws: ConfigurationError.self) { try settings.validate() }
    }
}

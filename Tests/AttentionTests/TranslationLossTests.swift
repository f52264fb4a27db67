import AttentionTensors
import Foundation
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

    /// Each candidate's probability by itself, its BLEU, and the sum of them in double precision.
    @Test func riskIsThatOfEachCandidate() throws {
        let (start, batch, loss) = try made { ($0.riskSamples, $0.riskSharpness) = (5, 0.05) }
        var still = start.configuration
        still.dropout = 0
        let model = try Transformer(still, key: RandomKey(seed: 1))
        let found = try loss.loss(of: model, batch, step(1))
        let again = try loss.loss(of: model, batch, step(1)).total.scalar
        #expect(found.weight == 3 && again == found.total.scalar, "the same key draws the same")
        let candidates = try loss.candidates(for: batch.pairs, from: model, step(1).key[3])
        var sum = 0.0
        for (pair, candidates) in zip(batch.pairs, candidates) {
            #expect(candidates[0] == pair.target && Set(candidates).count == candidates.count && candidates.count > 1)
            let reference = loss.data.tokenizer.decode(pair.target)
            let weights = try candidates.map { candidate in
                let alone = loss.data.batch([SequencePair(source: pair.source, target: candidate)])
                return exp(0.05 * Double(try model.logProbabilities(of: alone)[0]))
            }
            for (candidate, weight) in zip(candidates, weights) {
                let text = loss.data.tokenizer.decode(candidate)
                let quality = try BLEU().sentenceScore(text, references: [reference]).score / 100
                sum += weight / weights.reduce(0, +) * (1 - quality)
            }
        }
        #expect(abs(Double(found.total.scalar) - sum) < 1e-4)
    }

    /// ln P of whole targets adds up to what the loss is of.
    @Test func logProbabilitiesAreTheLoss() throws {
        let (model, batch, _) = try made { _ in }
        let sum = try model.logProbabilities(of: batch).sum().scalar
        let loss = try model.loss(batch).scalar
        #expect(abs(sum + loss) < 1e-3 * (1 + loss))
    }

    @Test func oneLossAtATime() throws {
        var settings = TranslationTrainingSettings()
        (settings.riskSamples, settings.consistency) = (4, 1)
        #expect(throws: ConfigurationError.self) { try settings.validate() }
    }
}

import AttentionModels
import AttentionMusic
import AttentionTensors
import AttentionTraining
import Chorales
import Testing

@Suite struct ChoraleTrainingTests {
    /// Eight bars of a scale with its thirds.
    private static func pieces() throws -> [ChoraleGrid] {
        try (0..<3).map { piece in
            try ChoraleGrid(
                pitches: (0..<128).flatMap { step in [72, 67, 60, 48].map { $0 - piece + [0, 2, 4, 5][step / 4 % 4] } })
        }
    }

    private static var settings: ChoraleSettings {
        var settings = ChoraleSettings()
        (settings.model.modelSize, settings.model.headCount, settings.model.layerCount) = (16, 2, 1)
        (settings.model.feedForwardSize, settings.model.farthestDistance, settings.model.dropout) = (32, 16, 0)
        (settings.length, settings.batchSize, settings.updates, settings.peakRate) = (32, 8, 40, 0.02)
        return settings
    }

    @Test func learnsAScale() throws {
        let settings = Self.settings
        let start = try MusicTransformer.model(settings.model, key: RandomKey(seed: 1))
        let pieces = try Self.pieces()
        let batches = ChoraleBatches(pieces, batchSize: 8, length: 32, key: RandomKey(seed: 1))
        var configuration = TrainingConfiguration()
        configuration.maximumUpdates = settings.updates
        let text = "[[" + (0..<64).map { _ in "[72, 67, 60, 48]" }.joined(separator: ", ") + "]]"
        let chorales = try ChoraleCollection(Array(#"{"train": \#(text), "valid": \#(text), "test": []}"#.utf8))
        var trainer = try choraleTraining(settings, chorales, configuration)
        #expect(try trainer.run() == .maximumUpdates)
        let before = try ChoraleLoss(of: start, on: chorales.valid, length: 32).perToken
        let after = try ChoraleLoss(of: trainer.model, on: chorales.valid, length: 32).perToken
        #expect(abs(before - 5.24) < 0.1, "guessing has ln 189 = 5.24")
        #expect(after < 2.5)
        #expect(try batches.epoch(0).batch(3) == batches.epoch(0).batch(3))
    }

    @Test func stretchesBeginAndEndWherePiecesDo() throws {
        let batches = ChoraleBatches(try Self.pieces(), batchSize: 16, length: 64, key: RandomKey(seed: 1))
        let stretches = try (0..<20).flatMap { try batches.epoch(0).batch($0) }
        #expect(stretches.allSatisfy { $0.count == 65 })
        #expect(stretches.contains { $0.first == ChoraleVocabulary.end })
        #expect(stretches.contains { $0.last == ChoraleVocabulary.end })
        for stretch in stretches {
            for case (let voice, let pitch?)? in stretch.map(ChoraleVocabulary.meaning) {
                #expect(voice.range.contains(pitch))
            }
        }
    }

    /// Each token is judged once, with what stands before it as far as half a stretch; a piece that fits into one stretch as the model has it.
    @Test func lossIsTheMeanOfAllTokens() throws {
        let model = try MusicTransformer.model(Self.settings.model, key: RandomKey(seed: 1))
        let pieces = try Self.pieces()
        let loss = try ChoraleLoss(of: model, on: pieces, length: 32)
        #expect(loss.tokenCount == 3 * 512)
        #expect(try ChoraleLoss(of: model, on: pieces, length: 40).tokenCount == 3 * 512)
        let whole = try ChoraleLoss(of: model, on: [pieces[0]], length: 1024)
        let tokens = try ChoraleVocabulary.tokens(of: pieces[0])
        let expected = -(try model.logProbabilities(of: tokens).dropLast().reduce(0) { $0 + Double($1) })
        #expect(abs(whole.total - expected) < 1e-3 * expected && whole.tokenCount == 512)
        #expect(whole.perStep == 4 * whole.perToken)
    }
}

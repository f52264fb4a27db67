import AttentionLayers
import AttentionModels
import AttentionTensors
import Foundation
import Testing

@testable import Attention
@testable import AttentionTraining

/// Heads of a student that are drawn to those of its teacher.
@Suite struct AttentionTransferTests {
    private static let pairs = [
        ("the quick fox", "a lazy dog"), ("the lazy dog jumps", "over the brown fox"), ("a fox", "the dog"),
    ].map { SentencePair(source: $0.0, target: $0.1) }

    private static func model(
        _ teacher: ModelFolder, _ set: (inout TransformerConfiguration) -> Void = { _ in }
    ) throws -> Transformer {
        var sizes = try #require(teacher.configuration.architecture as? TransformerConfiguration)
        sizes.dropout = 0
        set(&sizes)
        return try Transformer(sizes, key: RandomKey(seed: 5))
    }

    private static func batch(_ teacher: ModelFolder) -> SequencePairBatch {
        let data = TranslationData(teacher)
        return data.batch(data.encode(pairs))
    }

    @Test func layersAreSpreadEvenly() {
        #expect(AttentionTransfer.teacherLayers(studentCount: 4, teacherCount: 12) == [2, 5, 8, 11])
        #expect(AttentionTransfer.teacherLayers(studentCount: 3, teacherCount: 3) == [0, 1, 2])
        #expect(AttentionTransfer.teacherLayers(studentCount: 2, teacherCount: 3) == [0, 2])
        #expect(AttentionTransfer.teacherLayers(studentCount: 1, teacherCount: 3) == [2])
        #expect(AttentionTransfer.teacherLayers(studentCount: 2, teacherCount: 1) == [-1, 0])
    }

    /// What heads are heard to compare are the scores of the weights that they are seen to have.
    @Test func scoresAreThoseOfTheWeights() throws {
        let teacher = try ModelFolder.tiny()
        let batch = Self.batch(teacher)
        let heads = try recordingHeads { try teacher.model.hiddenStates(batch, training: nil) }.heads
        let found = try #require(try heads[Ablation.Place("cross", layer: 0)]?.scores())
        let expected = try #require(try teacher.model.alignments(batch)).at(0, axis: 1)  // [B, H, T, K]
        #expect(found.shape == expected.shape)
        let (width, queries) = (found.shape[3], found.shape[2])
        for row in 0..<found.shape[0] {
            let length = batch.source.lengths[row]
            for head in 0..<found.shape[1] {
                for query in 0..<queries {
                    let powers = (0..<width).map { $0 < length ? exp(Double(found[row, head, query, $0])) : 0 }
                    for key in 0..<width {
                        let share = powers[key] / powers.reduce(0, +)
                        #expect(abs(share - Double(expected[row, head, query, key])) < 1e-5)
                    }
                }
            }
        }
    }

    /// The mean over all layers, each by its definition: the teacher itself is not apart from itself, and padding does not count.
    @Test func theLossIsTheMeanOfLayers() throws {
        let teacher = try ModelFolder.tiny()
        let (batch, student) = (Self.batch(teacher), try Self.model(teacher))
        func heads(_ model: any SequenceToSequence, _ batch: SequencePairBatch) throws -> [Ablation.Place:
            HeadActivations]
        {
            try recordingHeads { try model.hiddenStates(batch, training: nil) }.heads
        }
        let transfer = AttentionTransfer(teacher: teacher)
        #expect(try transfer.loss(heads(teacher.model, batch), of: batch).scalar == 0)
        let found = try transfer.loss(heads(student, batch), of: batch).scalar
        // Pair by pair, where nothing is padded.
        var sums: [String: (sum: Double, count: Int)] = [:]
        let data = TranslationData(teacher)
        for pair in data.encode(Self.pairs) {
            let alone = data.batch([pair])
            let (own, theirs) = (try heads(student, alone), try heads(teacher.model, alone))
            for place in [("encoder", false), ("decoder", true), ("cross", false)] {
                let key = Ablation.Place(place.0, layer: 0)
                let (one, two) = (
                    try #require(try own[key]?.scores()), try #require(try theirs[key]?.scores())
                )
                for head in 0..<2 {
                    for query in 0..<one.shape[2] {
                        for other in 0..<one.shape[3] where !place.1 || other <= query {
                            let apart = Double(one[0, head, query, other] - two[0, head, query, other])
                            let known = sums[place.0] ?? (0, 0)
                            sums[place.0] = (known.sum + apart * apart, known.count + 1)
                        }
                    }
                }
            }
        }
        let expected = sums.values.reduce(0) { $0 + $1.sum / Double($1.count) } / 3
        #expect(sums.count == 3 && abs(Double(found) - expected) < 1e-4 * expected)
    }

    /// Heads come nearer to the teacher's where that is asked for, and learning from translations alone does not bring it about.
    @Test func headsComeNearer() throws {
        let teacher = try ModelFolder.tiny()
        let (data, batch) = (TranslationData(teacher), Self.batch(teacher))
        let pairs = data.encode(Self.pairs)
        func distance(_ student: Transformer) throws -> Float {
            let heads = try recordingHeads { try student.hiddenStates(batch, training: nil) }.heads
            return try AttentionTransfer(teacher: teacher).loss(heads, of: batch).scalar
        }
        func trained(_ weight: Float) throws -> Transformer {
            var settings = GuidanceSettings()
            settings.attentionWeight = weight
            let objective = TranslationLoss(
                settings: TranslationTrainingSettings(), data: data,
                guidance: try TeacherGuidance(teacher: teacher, settings: settings))
            var configuration = TrainingConfiguration()
            configuration.maximumUpdates = 150
            var trainer = try Trainer(
                model: try Self.model(teacher), schedule: ConstantSchedule(rate: 0.01),
                batches: FixedBatches(FixedExamples(pairs), size: 3, seed: 1).mapped { batch, _ in data.batch(batch) },
                configuration: configuration, loss: { try objective.loss(of: $0, $1, $2) })
            _ = try trainer.run()
            return trainer.model
        }
        let (before, drawn) = (try distance(try Self.model(teacher)), try distance(try trained(20)))
        let alone = try distance(try trained(0))
        #expect(drawn < before / 2 && drawn < alone / 2)
    }

    @Test func otherHeadsAreRefused() throws {
        let teacher = try ModelFolder.tiny()
        let transfer = AttentionTransfer(teacher: teacher)
        let expected = "encoder 2; decoder 2; cross 2"
        try transfer.check(try Self.model(teacher) { $0.modelSize = 16 })
        for (student, found) in [
            (try Self.model(teacher) { $0.headCount = 4 }, "encoder 4; decoder 4; cross 4"),
            (try Self.model(teacher) { $0.decoderLayerCount = 2 }, "encoder 2; decoder 2, 2; cross 2, 2"),
            (try Self.model(teacher) { $0.attention = "additive" }, "none"),
        ] {
            #expect(throws: DistillationError.otherHeads(found: found, expected: expected)) {
                try transfer.check(student)
            }
        }
        #expect(throws: DistillationError.otherHeads(found: "none", expected: expected)) {
            try transfer.check(try ModelFolder.tinyRecurrent().model)
        }
    }
}

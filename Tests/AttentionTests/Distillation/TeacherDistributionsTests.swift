import AttentionFiles
import AttentionTensors
import Foundation
import Testing

@testable import Attention
@testable import AttentionTraining

/// What a teacher finds likely, kept on disk and told to a student.
@Suite struct TeacherDistributionsTests {
    private static let pairs = [
        ("the quick fox", "a lazy dog"), ("the lazy dog jumps", "over the brown fox"), ("a fox", "the dog"),
        ("jumps over", "quick quick fox"), ("", "nothing"),
    ].map { SentencePair(source: $0.0, target: $0.1) }

    /// A folder that goes with the test.
    private final class Folder {
        let path = FileManager.default.temporaryDirectory.path + "/attention-likely-" + UUID().uuidString

        deinit { try? FileManager.default.removeItem(atPath: path) }
    }

    private static func made(
        _ teacher: ModelFolder, in folder: Folder, _ set: (inout GuidanceSettings) -> Void = { _ in }
    ) -> TeacherDistributions {
        var settings = GuidanceSettings()
        (settings.likelyCount, settings.temperature) = (3, 2)
        set(&settings)
        return TeacherDistributions(
            teacher: teacher, pairs: pairs, directory: folder.path, settings: settings, shardSize: 2)
    }

    private static func names(in folder: Folder) throws -> [String] { try Directory.names(in: folder.path).sorted() }

    /// softmax(logits / T) of a row, in double precision.
    private static func shares(_ logits: Tensor, _ row: Int, temperature: Double) -> [Double] {
        let powers = (0..<logits.shape[1]).map { exp(Double(logits[row, $0]) / temperature) }
        let sum = powers.reduce(0, +)
        return powers.map { $0 / sum }
    }

    @Test func whatIsKeptIsWhatTheTeacherSays() throws {
        let (teacher, folder) = (try ModelFolder.tiny(), Folder())
        let distributions = Self.made(teacher, in: folder)
        #expect(distributions.pairs.count == 4, "one has no content")
        #expect(try !distributions.isComplete())
        var counts: [Int] = []
        #expect(try distributions.run(observer: { counts.append($0) }, until: { false }))
        #expect(try counts == [2, 4] && distributions.isComplete())
        #expect(try Self.names(in: folder) == ["1.safetensors", "2.safetensors"])
        let data = TranslationData(teacher)
        let pairs = Array(data.encode(distributions.pairs).reversed())
        let batch = data.batch(pairs)
        let likely = try distributions.kept().likely(batch)
        let (length, told) = (batch.input.length, likely.probabilities.values)
        #expect(likely.probabilities.shape == [4 * length, 3] && likely.words.count == told.count)
        for (row, pair) in pairs.enumerated() {
            let logits = try teacher.model.logits(data.batch([pair]))
            for position in 0..<length {
                let places = (row * length + position) * 3..<(row * length + position + 1) * 3
                guard position < pair.target.count else {
                    #expect(places.allSatisfy { likely.words[$0] == 0 && told[$0] == 0 })
                    continue
                }
                let shares = Self.shares(logits, position, temperature: 2)
                for (place, best) in zip(places, shares.sorted(by: >)) {
                    // Float16 keeps 11 bits.
                    #expect(abs(Double(told[place]) - best) < 1e-3 * best)
                    #expect(abs(shares[likely.words[place]] - best) < 1e-3 * best)
                }
            }
        }
    }

    @Test func anInterruptedRunGoesOn() throws {
        let teacher = try ModelFolder.tiny()
        let (whole, parts) = (Folder(), Folder())
        #expect(try Self.made(teacher, in: whole).run(until: { false }))
        let distributions = Self.made(teacher, in: parts)
        var asked = 0
        #expect(
            try !distributions.run(until: {
                asked += 1
                return asked > 1
            }))
        #expect(try Self.names(in: parts) == ["1.safetensors"])
        asked = 0
        #expect(
            try distributions.run(until: {
                asked += 1
                return false
            }))
        #expect(asked == 1, "what is there is not made again")
        for name in try Self.names(in: whole) {
            #expect(try FileContents.read(whole.path + "/" + name) == FileContents.read(parts.path + "/" + name))
        }
        #expect {
            _ = try Self.made(teacher, in: parts) { $0.likelyCount = 4 }.run(until: { false })
        } throws: {
            "\($0)".contains("likelyCount 4 instead of 3; take them again, or another folder")
        }
        #expect {
            _ = try Self.made(try .tiny(seed: 2), in: parts).isComplete()
        } throws: {
            "\($0)".contains("found teacher ")
        }
    }

    @Test func whatIsDamagedOrUnknownSaysSo() throws {
        let (teacher, folder) = (try ModelFolder.tiny(), Folder())
        let distributions = Self.made(teacher, in: folder)
        #expect(try distributions.run(until: { false }))
        let data = TranslationData(teacher)
        let other = data.batch(data.encode([SentencePair(source: "a dog", target: "the fox")]))
        #expect(throws: DistillationError.untold(path: folder.path)) { try distributions.kept().likely(other) }
        let path = folder.path + "/1.safetensors"
        try Safetensors.write(
            [
                try Safetensors.Entry("counts", [1, 1] as [Int32], shape: [2]),
                try Safetensors.Entry("words", [Int32](repeating: 0, count: 6), shape: [2, 3]),
                Safetensors.Entry("probabilities", .zeros([2, 3]), as: .float16),
            ], metadata: try SafetensorsFile(path: path).metadata, to: path)
        #expect(
            throws: DistillationError.damagedDistributions(
                path, expected: "the positions of 2 pairs", found: "2 pairs of others")
        ) { try distributions.kept() }
    }

    /// A student without dropout.
    private static func student(of teacher: ModelFolder) throws -> Transformer {
        var sizes = try #require(teacher.configuration.architecture as? TransformerConfiguration)
        sizes.dropout = 0
        return try Transformer(sizes, key: RandomKey(seed: 5))
    }

    private static func guidance(
        _ teacher: ModelFolder, in folder: Folder, _ set: (inout GuidanceSettings) -> Void
    ) throws -> TeacherGuidance {
        let distributions = made(teacher, in: folder, set)
        #expect(try distributions.run(until: { false }))
        var guidance = try TeacherGuidance(teacher: teacher, settings: distributions.settings)
        guidance.distributions = try distributions.kept()
        return guidance
    }

    private static func loss(_ teacher: ModelFolder, _ guidance: TeacherGuidance?) -> TranslationLoss {
        TranslationLoss(settings: TranslationTrainingSettings(), data: TranslationData(teacher), guidance: guidance)
    }

    /// Both parts by their definitions, the teacher's distribution put together again from what is kept.
    @Test func theLossIsBetweenBoth() throws {
        let (teacher, folder) = (try ModelFolder.tiny(), Folder())
        let guidance = try Self.guidance(teacher, in: folder) { $0.teacherShare = 0.25 }
        let (student, data) = (try Self.student(of: teacher), TranslationData(teacher))
        let batch = data.batch(data.encode(Array(Self.pairs.prefix(3))))
        let found = try Self.loss(teacher, guidance).loss(
            of: student, batch, TrainingStep(update: 1, key: RandomKey(seed: 1)))
        #expect(found.weight == Double(batch.targetTokenCount))
        let likely = try #require(guidance.distributions).likely(batch)
        let logits = try student.logits(batch)
        var apart = 0.0
        for position in batch.targets.indices where batch.targets[position] != nil {
            let shares = Self.shares(logits, position, temperature: 2)
            let places = position * 3..<(position + 1) * 3
            let kept = places.map { Double(likely.probabilities.values[$0]) }
            var whole = [Double](repeating: (1 - kept.reduce(0, +)) / Double(shares.count - 3), count: shares.count)
            for (place, share) in zip(places, kept) { whole[likely.words[place]] = share }
            apart -= zip(whole, shares).reduce(0) { $0 + $1.0 * log($1.1) }
        }
        let written = Double(try student.loss(batch, smoothing: 0.1).scalar)
        let expected = 0.75 * written + 0.25 * 4 * apart
        #expect(abs(Double(found.total.scalar) - expected) < 1e-4 * expected)
    }

    /// Told what is likely, a student says what its teacher says; told what is written alone, it does not.
    @Test func aStudentComesNearer() throws {
        let (teacher, folder) = (try ModelFolder.tiny(), Folder())
        let guidance = try Self.guidance(teacher, in: folder) {
            ($0.teacherShare, $0.likelyCount, $0.temperature) = (1, 10_000, 1)
        }
        let data = TranslationData(teacher)
        let pairs = data.encode(Array(Self.pairs.prefix(4)))
        func trained(_ guidance: TeacherGuidance?) throws -> Transformer {
            var configuration = TrainingConfiguration()
            configuration.maximumUpdates = 60
            let objective = Self.loss(teacher, guidance)
            var trainer = try Trainer(
                model: try Self.student(of: teacher), schedule: ConstantSchedule(rate: 0.01),
                batches: FixedBatches(FixedExamples(pairs), size: 4, seed: 1).mapped { batch, _ in data.batch(batch) },
                configuration: configuration, loss: { try objective.loss(of: $0, $1, $2) })
            _ = try trainer.run()
            return trainer.model
        }
        /// Σ p ln(p / q) of a position, all positions together.
        func distance(_ student: Transformer) throws -> Double {
            let batch = data.batch(pairs)
            let (said, meant) = (try student.logits(batch), try teacher.model.logits(batch))
            return batch.targets.indices.filter { batch.targets[$0] != nil }.reduce(0.0) { sum, position in
                let (q, p) = (
                    Self.shares(said, position, temperature: 1), Self.shares(meant, position, temperature: 1)
                )
                return sum + zip(p, q).reduce(0) { $0 + $1.0 * log($1.0 / $1.1) }
            }
        }
        let (before, told) = (try distance(try Self.student(of: teacher)), try distance(try trained(guidance)))
        let alone = try distance(try trained(nil))
        #expect(told < before / 2 && told < alone / 2)
    }

    @Test func otherStudentsAreRefused() throws {
        let guidance = try TeacherGuidance(teacher: try .tiny())
        var training = TranslationTrainingSettings()
        try guidance.check(training, tokenizers: [guidance.teacher.tokenizer])
        #expect {
            try guidance.check(training, tokenizers: [try ModelFolder.tiny(pieces: 290).tokenizer])
        } throws: {
            "\($0)".hasPrefix("distill: expected the teacher's tokenizer ")
        }
        training.pieceDropout = 0.5
        #expect(throws: DistillationError.otherTraining("pieceDropout", found: "0.5")) {
            try guidance.check(training, tokenizers: [])
        }
        for change: (inout GuidanceSettings) -> Void in [
            { $0.likelyCount = 0 }, { $0.temperature = 0 }, { $0.teacherShare = 1.5 },
        ] {
            var settings = GuidanceSettings()
            change(&settings)
            #expect(throws: DistillationError.self) {
                try TeacherGuidance(teacher: guidance.teacher, settings: settings)
            }
        }
    }
}

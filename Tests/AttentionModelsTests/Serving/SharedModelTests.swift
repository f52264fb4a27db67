import AttentionDecoding
import AttentionMechanisms
import AttentionModels
import AttentionTensors
import Testing

/// Texts that are written beside one another, and prompts that begin as others did, are what they are alone.
@Suite struct SharedModelTests {
    private static let prompts = [
        [5, 9, 12, 5, 9], [4], [20, 3, 8, 8, 8, 8], [5, 9, 12, 7, 11, 2], [7, 7], [1, 2, 3, 4],
    ]

    private func model(_ name: String) throws -> any LanguageModel {
        let folder = try PretrainedFolder(path: PretrainedReferenceTests.root + "/" + name)
        return try #require(try folder.model().languageModel)
    }

    private static func generation() -> Generation {
        var configuration = GenerationConfiguration()
        (configuration.newTokenLimit, configuration.endTokens) = (12, [4])
        (configuration.isSampling, configuration.temperature) = (true, 1.5)
        return Generation(configuration, key: RandomKey(seed: 3))
    }

    private static func written(
        _ model: some LanguageModel, _ prompt: [Int]
    ) throws -> [Hypothesis] {
        try withPrecision(.exact) { try model.generate(try model.start([prompt]), generation())[0] }
    }

    /// Bit for bit, each on a thread of its own.
    @Test(arguments: try LanguageModelTests.folders()) func companyChangesNothing(_ name: String) async throws {
        func check<Model: LanguageModel>(_ plain: Model) async throws {
            let gathering = GatheringModel(plain)
            let expected = try Self.prompts.map { try Self.written(plain, $0) }
            for _ in 0..<3 {
                try await withThrowingTaskGroup(of: (Int, [Hypothesis]).self) { group in
                    for (place, prompt) in Self.prompts.enumerated() {
                        group.addTask { (place, try Self.written(gathering, prompt)) }
                    }
                    for try await (place, found) in group {
                        #expect(found.map(\.tokens) == expected[place].map(\.tokens))
                        #expect(
                            found.map(\.tokenLogProbabilities) == expected[place].map(\.tokenLogProbabilities),
                            "\(name), \(Self.prompts[place])")
                    }
                }
            }
        }
        try await check(try model(name))
    }

    /// A prompt longer than a piece, of a model without a limit on lengths.
    @Test func longPromptsAreReadInPieces() throws {
        func check<Model: LanguageModel>(_ plain: Model) throws {
            let prompt = (0..<300).map { $0 * 7 % 29 }
            var (own, other) = (plain.start(rowCount: 1, format: .float32), plain.start(rowCount: 1, format: .float32))
            let expected = try #require(try plain.step([prompt], &own, wanting: .logits).logits).values
            let found = try #require(try GatheringModel(plain).step([prompt], &other, wanting: .logits).logits).values
            #expect(other.lengths == [300])
            for (x, y) in zip(found, expected) { #expect(abs(x - y) < 1e-4 * (1 + abs(y))) }
        }
        try check(try model("llama"))
    }

    /// How many of twenty steps with a token are refused; each of the others is remembered.
    private static func refusals(of model: some LanguageModel, wanting token: Int) -> Int {
        var (state, count) = (model.start(rowCount: 1, format: .float32), 0)
        for step in 0..<20 {
            do {
                _ = try model.step([[token]], &state, wanting: .logits)
                #expect(state.lengths == [step + 1])
            } catch {
                #expect(state.lengths == [0])
                count += 1
            }
        }
        return count
    }

    /// Who wants what cannot be done harms nobody, and keeps what they had.
    @Test func aRefusalIsOnesOwn() async throws {
        func check<Model: LanguageModel>(_ plain: Model) async throws {
            let gathering = GatheringModel(plain)
            let refused = await withTaskGroup(of: Int.self) { group in
                for task in 0..<4 {
                    group.addTask { Self.refusals(of: gathering, wanting: task == 0 ? 10_000 : 5) }
                }
                return await group.reduce(0, +)
            }
            #expect(refused == 20)
        }
        try await check(try model("gpt2"))
    }

    @Test(arguments: try LanguageModelTests.folders()) func whatIsRecalledChangesNothing(_ name: String) throws {
        func check<Model: LanguageModel>(_ plain: Model) throws {
            let recalling = RecallingModel(plain, byteLimit: 1 << 20)
            let beginning = (0..<20).map { $0 * 5 % 27 + 1 }
            let prompts = [beginning + [3], beginning + [3], beginning, Array(beginning.prefix(17)) + [9, 9], [2, 3]]
            for prompt in prompts {
                let (found, expected) = (try Self.written(recalling, prompt), try Self.written(plain, prompt))
                #expect(found.map(\.tokens) == expected.map(\.tokens), "\(name), \(prompt)")
                for (x, y) in zip(found, expected) { #expect(abs(x.logProbability - y.logProbability) < 1e-4) }
            }
            // What came before them but their last token: 20, 19 and 17; nothing of texts that are read as a whole.
            if recalling.dependsOnLongestText { #expect(recalling.recalledTokens == 0) }
            if name == "gpt2" { #expect(recalling.recalledTokens == 20 + 19 + 17) }
        }
        try check(try model(name))
    }

    @Test func theOldestIsForgotten() throws {
        func check<Model: LanguageModel>(_ plain: Model) throws {
            func prompt(_ first: Int) -> [Int] { (0..<20).map { ($0 + first) % 29 } }
            var state = plain.start(rowCount: 1, format: .float32)
            _ = try plain.step([prompt(0)], &state, wanting: [])
            let recalling = RecallingModel(plain, byteLimit: 2 * state.byteCount)
            for first in [0, 1, 2, 0] { _ = try Self.written(recalling, prompt(first)) }
            #expect(recalling.recalledTokens == 0)
            _ = try Self.written(recalling, prompt(2))
            #expect(recalling.recalledTokens == 19)
            let none = RecallingModel(plain, byteLimit: 0)
            for _ in 0..<2 { _ = try Self.written(none, prompt(0)) }
            #expect(none.recalledTokens == 0)
        }
        try check(try model("gpt2"))
    }
}

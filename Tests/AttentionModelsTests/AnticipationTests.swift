import AttentionDecoding
import AttentionFiles
import AttentionMechanisms
import AttentionModels
import AttentionTensors
import Testing

/// A model that reads ahead writes what it writes without, whatever is guessed and by whichever search.
@Suite struct AnticipationTests {
    private static let prompts = [[5, 9, 12, 5, 9], [4], [20, 3, 8, 8, 8, 8], [5, 9, 12, 7, 11, 2]]

    /// Guesses a fixed text, whatever came before: mostly wrong.
    private struct Stubborn: Drafter {
        let text: [Int]
        var start: Void { () }
        func guesses(behind text: [Int], _ memory: inout Void) -> [Int] { self.text }
    }

    private static func configurations() -> [GenerationConfiguration] {
        var greedy = GenerationConfiguration()
        (greedy.newTokenLimit, greedy.endTokens) = (12, [4])
        var (repeated, drawn, beams) = (greedy, greedy, greedy)
        (repeated.repetitionPenalty, repeated.repeatedSequenceLength) = (1.3, 2)
        (drawn.isSampling, drawn.temperature, drawn.returnCount) = (true, 1.5, 3)
        (beams.beamSize, beams.returnCount) = (3, 2)
        return [greedy, repeated, drawn, beams]
    }

    private func texts<Model: LanguageModel>(
        _ model: Model, _ configuration: GenerationConfiguration, _ prompts: [[Int]]
    ) throws -> [[[Int]]] {
        let generation = Generation(configuration, key: RandomKey(seed: 3))
        return try model.generate(try model.start(prompts), generation).map { $0.map(\.tokens) }
    }

    private func check(_ model: any LanguageModel, like plain: some LanguageModel) throws {
        for configuration in Self.configurations() {
            for prompt in Self.prompts {
                let expected = try texts(plain, configuration, [prompt])
                #expect(try texts(model, configuration, [prompt]) == expected, "\(configuration) behind \(prompt)")
            }
            #expect(try texts(model, configuration, Self.prompts) == texts(plain, configuration, Self.prompts))
        }
    }

    private func model(_ name: String) throws -> any LanguageModel {
        let folder = try PretrainedFolder(path: PretrainedReferenceTests.root + "/" + name)
        return try #require(try folder.model().languageModel)
    }

    @Test(arguments: try LanguageModelTests.folders().filter { $0 != "llama-dynamic" && $0 != "phi3" })
    func aGuessChangesNothing(_ name: String) throws {
        func checkAll<Model: LanguageModel>(_ plain: Model) throws {
            try withPrecision(.exact) {
                try check(AnticipatingModel(plain, drafter: PromptLookup()), like: plain)
                try check(AnticipatingModel(plain, drafter: ModelDrafter(plain, guessCount: 3)), like: plain)
                try check(AnticipatingModel(plain, drafter: Stubborn(text: [7, 1, 1, 99])), like: plain)
            }
        }
        try checkAll(try model(name))
    }

    @Test(arguments: try LanguageModelTests.folders().filter { $0 != "llama-dynamic" && $0 != "phi3" })
    func aSharedBeginningChangesNothing(_ name: String) throws {
        func checkAll<Model: LanguageModel>(_ plain: Model) throws {
            try withPrecision(.exact) {
                for beginning in [[5, 9, 12], [5], [20, 3, 8, 8, 8, 8], [1, 2, 3, 1, 2, 3, 1, 2, 3, 1]] {
                    try check(AnticipatingModel(plain, beginning: beginning, drafter: NoDrafter()), like: plain)
                    try check(AnticipatingModel(plain, beginning: beginning, drafter: PromptLookup()), like: plain)
                }
            }
        }
        try checkAll(try model(name))
    }

    /// The laws of language models hold of it, too.
    @Test func whatIsTakenBackWasNeverRead() throws {
        func check<Model: LanguageModel>(_ plain: Model) throws {
            let model = try AnticipatingModel(plain, beginning: [5, 9, 12, 7], drafter: Stubborn(text: [3, 3, 3]))
            var state = try model.start([[5]]).state
            _ = try model.step([[5, 9, 12]], &state, wanting: .logits)
            _ = try model.step([[3, 3]], &state, wanting: [.logits, .allLogits])
            #expect(state.lengths == [5])
            try state.truncate(to: [2])
            let found = try #require(try model.step([[20]], &state, wanting: .logits).logits)
            var fresh = plain.start(rowCount: 1, format: .float32)
            let expected = try #require(try plain.step([[5, 9, 20]], &fresh, wanting: .logits).logits)
            for (x, y) in zip(found.values, expected.values) { #expect(abs(x - y) < 1e-5 * (1 + abs(y))) }
            #expect(throws: ShapeError.self) { try state.truncate(to: [4]) }
            #expect(state.lengths == [3])
        }
        try check(try model("gpt2"))
    }

    /// How often the model itself is asked: guesses that hold save steps.
    @Test func guessesThatHoldSaveSteps() throws {
        func check<Model: LanguageModel>(_ plain: Model) throws {
            let model = try AnticipatingModel(plain, drafter: ModelDrafter(plain, guessCount: 3))
            var state = try model.start([[5]]).state
            var (token, readings) = (5, Set<Int>())
            for _ in 0..<8 {
                let logits = try #require(try model.step([[token]], &state, wanting: .logits).logits)
                readings.insert(state.readCount)
                token = try #require((0..<logits.shape.elementCount).max { logits[0, $0] < logits[0, $1] })
            }
            // 8 tokens, 4 of which are read at a time.
            #expect(readings == [4, 8])
        }
        try check(try model("gpt2"))
    }

    @Test func aPromptIsLookedUp() {
        let lookup = PromptLookup(guessCount: 3, matchLength: 2)
        var memory: Void = ()
        #expect(lookup.guesses(behind: [1, 2, 3, 4, 1, 2], &memory) == [3, 4, 1])
        // The longer match, and of equally long ones the last.
        #expect(lookup.guesses(behind: [1, 2, 7, 9, 2, 8, 1, 2], &memory) == [7, 9, 2])
        #expect(lookup.guesses(behind: [1, 2, 7, 1, 2, 8, 1, 2], &memory) == [8, 1, 2])
        #expect(lookup.guesses(behind: [1, 2, 3], &memory).isEmpty)
        #expect(lookup.guesses(behind: [5, 5], &memory) == [5])
        #expect(lookup.guesses(behind: [], &memory).isEmpty)
    }

    @Test func aBeginningNeedsRoomBehindIt() throws {
        func check<Model: LanguageModel>(_ plain: Model) throws {
            let limit = try #require(plain.lengthLimit)
            #expect(throws: PretrainedError.self) {
                try AnticipatingModel(plain, beginning: [Int](repeating: 5, count: limit), drafter: NoDrafter())
            }
        }
        try check(try model("gpt2"))
    }
}

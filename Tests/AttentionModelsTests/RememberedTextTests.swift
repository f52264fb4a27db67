import AttentionDecoding
import AttentionModels
import AttentionTensors
import Synchronization
import Testing

/// What follows a text is the same whatever was read before it, for every family.
@Suite struct RememberedTextTests {
    private func configuration(_ change: (inout GenerationConfiguration) -> Void = { _ in }) -> Generation {
        var configuration = GenerationConfiguration()
        configuration.newTokenLimit = 4
        change(&configuration)
        return Generation(configuration)
    }

    private func model(_ name: String) throws -> any LanguageModel {
        let folder = try PretrainedFolder(path: PretrainedReferenceTests.root + "/" + name)
        return try #require(try folder.model().languageModel)
    }

    private static let texts = [
        [5, 9, 12, 7], [5, 9, 12, 7, 20, 3, 28, 11], [5, 9, 12, 7, 20, 3], [5, 9, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4],
        [5, 9],
        [8, 9, 10], [8, 9, 10],
    ]

    /// LongRoPE and dynamic scaling turn keys by the length that a text had when they were new, in the reference as well.
    @Test(arguments: try LanguageModelTests.folders().filter { $0 != "llama-dynamic" && $0 != "phi3" })
    func rememberedIsFresh(_ name: String) throws {
        let model = try model(name)
        let drawn: (inout GenerationConfiguration) -> Void = {
            ($0.isSampling, $0.temperature, $0.repetitionPenalty) = (true, 1.5, 1.3)
        }
        let beams: (inout GenerationConfiguration) -> Void = { ($0.beamSize, $0.returnCount) = (3, 2) }
        for generation in [configuration(), configuration(drawn), configuration(beams)] {
            var memory = model.rememberedText
            for text in Self.texts {
                var fresh = model.rememberedText
                let expected = try fresh.generate(behind: text, generation, receive: nil)
                let found = try memory.generate(behind: text, generation, receive: nil)
                #expect(found.map(\.tokens) == expected.map(\.tokens))
                for (x, y) in zip(found, expected) { #expect(abs(x.score - y.score) < 1e-4 * (1 + abs(y.score))) }
                #expect(memory.tokens.starts(with: text))
            }
        }
    }

    /// It is the model's own generation, and what was written is remembered but for the last token, which nobody has read.
    @Test func theFirstTimeIsTheModels() throws {
        func own<Model: LanguageModel>(_ model: Model, _ text: [Int]) throws -> [Hypothesis] {
            try model.generate(try model.start([text]), configuration())[0]
        }
        let model = try model("llama")
        var memory = model.rememberedText
        var told: [Int] = []
        let found = try memory.generate(behind: [5, 9], configuration()) { told.append($0.choice.token) }
        #expect(found.map(\.tokens) == (try own(model, [5, 9]).map(\.tokens)))
        #expect(told == found[0].tokens)
        #expect(memory.tokens == [5, 9] + told.dropLast())
    }

    /// Copies go their own ways.
    @Test func aCopyIsAnotherText() throws {
        let model = try model("llama")
        var first = model.rememberedText
        _ = try first.generate(behind: [5, 9, 12], configuration(), receive: nil)
        var second = first
        let before = first.tokens
        _ = try second.generate(behind: [5, 9, 12, 1, 1, 1], configuration(), receive: nil)
        #expect(first.tokens == before && second.tokens.starts(with: [5, 9, 12, 1, 1, 1]))
        var fresh = model.rememberedText
        #expect(
            try first.generate(behind: [5, 9, 12, 7], configuration(), receive: nil).map(\.tokens)
                == fresh.generate(behind: [5, 9, 12, 7], configuration(), receive: nil).map(\.tokens))
    }

    @Test func aCancelledTextIsRememberedAsFarAsItWasRead() async throws {
        let model = try model("llama")
        let task = Task {
            var memory = model.rememberedText
            var count = 0
            #expect(throws: SearchError.cancelled) {
                try memory.generate(behind: [5, 9, 12], configuration { $0.newTokenLimit = 20 }) { _ in
                    count += 1
                    if count == 2 { withUnsafeCurrentTask { $0?.cancel() } }
                }
            }
            return memory.tokens
        }
        let read = await task.value
        #expect(read.count == 4 && read.starts(with: [5, 9, 12]))
    }
}

import Attention
import AttentionFiles
import Testing

/// Text is written and scored as transformers does it; `scripts/make-generation-fixtures.py` made the folder.
@Suite struct TextGeneratorTests {
    static let folder = TaskTests.root + "continuations"

    private struct Answer: Decodable {
        let text: String
        let ids: [Int]
        let tokens: [Int]
        let written: String
        let logProbabilities: [Float]

        enum CodingKeys: String, CodingKey {
            case text, ids, tokens, written
            case logProbabilities = "log_probabilities"
        }
    }

    private func answers() throws -> [Answer] {
        try JSONDecoding.decode(from: try FileContents.read(Self.folder + "/answers.json"))
    }

    private func generator() throws -> TextGenerator {
        var generator = try TextGenerator(path: Self.folder)
        generator.configuration.newTokenLimit = 12
        return generator
    }

    @Test func textIsTheReferences() async throws {
        let generator = try generator()
        for answer in try answers() {
            #expect(try generator.tokens(of: answer.text) == answer.ids)
            let written = try generator.generate(answer.text)
            #expect(written.map(\.tokens) == [answer.tokens])
            #expect(written[0].text == answer.written)
            var pieces = ""
            for try await piece in generator.pieces(behind: answer.text) { pieces += piece }
            #expect(pieces == answer.written)
        }
    }

    @Test func scoresAreTheReferences() throws {
        let scorer = try TextScorer(path: Self.folder)
        for answer in try answers() {
            let score = try scorer.score(answer.text)
            #expect(score.tokens == answer.ids)
            #expect(score.logProbabilities.count == answer.logProbabilities.count)
            for (x, y) in zip(score.logProbabilities, answer.logProbabilities) { #expect(abs(x - y) < 1e-4) }
        }
    }

    /// Nothing of a stop word, and nothing behind it, is handed on.
    @Test func aStopWordEndsTheText() async throws {
        var generator = try generator()
        let answer = try answers()[0]
        let whole = answer.written
        for word in ["lee", "ee", whole.suffix(1).description, "never written"] {
            generator.stopWords = [word]
            let expected = whole.firstRange(of: word).map { String(whole[..<$0.lowerBound]) } ?? whole
            let written = try generator.generate(answer.text)[0]
            #expect(written.text == expected)
            #expect(word == "never written" || written.tokens.count < answer.tokens.count || word == whole.suffix(1))
            var pieces = ""
            for try await piece in generator.pieces(behind: answer.text) { pieces += piece }
            #expect(pieces == expected)
        }
    }

    @Test func theSameSeedDrawsTheSame() throws {
        var generator = try generator()
        generator.configuration.isSampling = true
        generator.configuration.returnCount = 3
        let first = try generator.generate("The cat")
        #expect(try generator.generate("The cat") == first)
        #expect(Set(first.map(\.tokens)).count == 3)
        generator.key = RandomKey(seed: 1)
        #expect(try generator.generate("The cat") != first)
    }

    @Test func whoStopsReadingStopsTheWriting() async throws {
        let generator = try generator()
        let task = Task {
            for try await _ in generator.pieces(behind: "The cat") { break }
            withUnsafeCurrentTask { $0?.cancel() }
            return try generator.generate("The cat")
        }
        await #expect(throws: SearchError.cancelled) { try await task.value }
    }

    @Test func aFolderForAnotherTaskIsRefused() throws {
        let error = #expect(throws: PretrainedError.self) { try TextGenerator(path: TaskTests.root + "words") }
        #expect(error?.description.contains("expected a model with a decoder that writes in") == true)
    }
}

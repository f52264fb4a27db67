import Attention
import AttentionFiles
import Testing

/// Every task answers as transformers' pipelines and sentence-transformers do; `scripts/make-task-fixtures.py` made the folders.
@Suite struct TaskTests {
    static let root = #filePath.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 } + "/Fixtures/Tasks/"

    private func answers<Answer: Decodable>(_ name: String, as type: Answer.Type = Answer.self) throws -> Answer {
        try JSONDecoding.decode(from: try FileContents.read(Self.root + name + "/answers.json"))
    }

    private struct Embedded: Decodable {
        let text: String
        let prompt: String
        let embedding: [Float]
    }

    @Test func embeddings() throws {
        let embedder = try TextEmbedder(path: Self.root + "vectors")
        let expected: [Embedded] = try answers("vectors")
        for prompt in ["query", "passage"] {
            let wanted = expected.filter { $0.prompt == prompt }
            let found = try embedder.embed(wanted.map(\.text), prompt: prompt)
            for (wanted, found) in zip(wanted, found) {
                #expect(found.count == wanted.embedding.count)
                for (x, y) in zip(found, wanted.embedding) { #expect(abs(x - y) < 1e-5, "\(wanted.text)") }
                let alone = try embedder.embed(wanted.text, prompt: prompt)
                for (x, y) in zip(found, alone) { #expect(abs(x - y) < 1e-5, "alone: \(wanted.text)") }
            }
        }
        #expect(throws: PretrainedError.unknownPrompt("answer", known: ["document", "passage", "query"])) {
            try embedder.embed("sun", prompt: "answer")
        }
        #expect(try embedder.embed([]).isEmpty)
    }

    private struct Classified: Decodable {
        struct Class: Decodable {
            let label: String
            let score: Float
        }
        let text: String
        let classes: [Class]
    }

    @Test func classes() throws {
        let classifier = try TextClassifier(path: Self.root + "classes")
        let expected: [Classified] = try answers("classes")
        for (wanted, found) in zip(expected, try classifier.classify(expected.map(\.text))) {
            #expect(found.map(\.label) == wanted.classes.map(\.label), "\(wanted.text)")
            for (x, y) in zip(found, wanted.classes) { #expect(abs(x.score - y.score) < 1e-5, "\(wanted.text)") }
        }
    }

    private struct Tagged: Decodable {
        struct Entity: Decodable {
            let label: String
            let score: Float
            let start: Int
            let end: Int
        }
        let text: String
        let entities: [Entity]
    }

    @Test func names() throws {
        let tagger = try TokenClassifier(path: Self.root + "names")
        let expected: [Tagged] = try answers("names")
        for (wanted, found) in zip(expected, try tagger.tag(expected.map(\.text))) {
            #expect(found.map(\.label) == wanted.entities.map(\.label), "\(wanted.text)")
            #expect(found.map(\.range) == wanted.entities.map { $0.start..<$0.end }, "\(wanted.text)")
            for (x, y) in zip(found, wanted.entities) { #expect(abs(x.score - y.score) < 1e-5, "\(wanted.text)") }
        }
    }

    private struct Answered: Decodable {
        let question: String
        let context: String
        let score: Float
        let start: Int
        let end: Int
    }

    @Test func spans() throws {
        let answerer = try QuestionAnswerer(path: Self.root + "answers")
        for wanted in try answers("answers", as: [Answered].self) {
            let found = try #require(try answerer.answer(wanted.question, context: wanted.context).first)
            #expect(found.range == wanted.start..<wanted.end)
            #expect(abs(found.score - wanted.score) < 1e-5)
            #expect(found.text.unicodeScalars.count == found.range.count)
        }
        // Longer than the model reads: every window is searched.
        let long = Array(repeating: "The cat sleeps on a mat.", count: 40).joined(separator: " ")
        let found = try answerer.answer("Who walks?", context: long, count: 3)
        #expect(found.count == 3)
        #expect(found.allSatisfy { $0.range.upperBound <= long.unicodeScalars.count })
        #expect(try answerer.answer("Who walks?", context: "").isEmpty)
        #expect(throws: PretrainedError.noRoom(pieces: 32, limit: 24)) {
            try answerer.answer(Array(repeating: "who", count: 30).joined(separator: " "), context: "The cat sleeps.")
        }
    }

    private struct Filled: Decodable {
        struct Word: Decodable {
            let word: String
            let id: Int
            let probability: Float
        }
        let text: String
        let places: [[Word]]
    }

    @Test func words() throws {
        let filler = try MaskFiller(path: Self.root + "words")
        #expect(filler.mask == "[MASK]")
        for wanted in try answers("words", as: [Filled].self) {
            let found = try filler.fill(wanted.text, count: 3)
            #expect(found.map { $0.map(\.id) } == wanted.places.map { $0.map(\.id) })
            for (x, y) in zip(found.joined(), wanted.places.joined()) {
                #expect(abs(x.probability - y.probability) < 1e-5)
            }
        }
        #expect(throws: PretrainedError.noMask("The cat sleeps.", mask: "[MASK]")) {
            try filler.fill("The cat sleeps.")
        }
    }

    private struct Ranking: Decodable {
        let query: String
        let documents: [String]
        let scores: [Float]
    }

    @Test func pairs() throws {
        let reranker = try Reranker(path: Self.root + "pairs")
        let expected: Ranking = try answers("pairs")
        let found = try reranker.rank(expected.query, expected.documents)
        #expect(zip(found, found.dropFirst()).allSatisfy { $0.score >= $1.score })
        for ranked in found { #expect(abs(ranked.score - expected.scores[ranked.index]) < 1e-5) }
    }

    /// A folder made for another task is refused with both.
    @Test func tasksAreNotMixedUp() throws {
        #expect(
            throws: PretrainedError.wrongTask(
                needed: "a head for classes of texts", found: "BertForMaskedLM", folder: Self.root + "words")
        ) { try TextClassifier(path: Self.root + "words") }
        #expect(
            throws: PretrainedError.wrongTask(
                needed: "one score for a pair of texts", found: "3 classes", folder: Self.root + "classes")
        ) { try Reranker(path: Self.root + "classes") }
    }

    /// Models are values: many tasks use one at once, and a cancelled one stops.
    @Test func modelsAreShared() async throws {
        let embedder = try TextEmbedder(path: Self.root + "vectors")
        let alone = try embedder.embed("The cat sleeps.")
        try await withThrowingTaskGroup(of: [Float].self) { group in
            for _ in 0..<8 { group.addTask { try embedder.embed("The cat sleeps.") } }
            for try await vector in group { #expect(vector == alone) }
        }
        let cancelled = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try embedder.embed(["sun"])
        }
        await #expect(throws: CancellationError.self) { try await cancelled.value }
    }
}

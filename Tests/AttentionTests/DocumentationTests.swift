import Attention
import AttentionTesting
import Foundation
import Testing

// The snippets of the documentation's articles, in functions that compile and run; the first test below finds each of them here, or in an
// example.

private func random(_ shape: Shape, _ seed: UInt64) -> Tensor {
    .uniform(shape, in: -1...1, key: RandomKey(seed: seed))
}

private let keys = random([2, 1, 7, 4], 1)
private let values = random([2, 1, 7, 4], 2)
private let query = random([2, 1, 3, 4], 3)

private func landingPage() throws -> Alignment {
    let mechanism = AttentionMechanism(scope: .causal, normalizer: .sparsemax)
    let memory = try mechanism.remember(keys: keys, values: values, lengths: [7, 3])
    let context = try mechanism.attend(query, memory)
    let alignment = try mechanism.align(query, memory)
    #expect(context.shape == alignment.context.shape)
    return alignment
}

private func growingMemory() throws -> Tensor {
    let mechanism = AttentionMechanism()
    let newQuery = random([2, 1, 1, 4], 4)
    let newKeys = random([2, 1, 1, 4], 5)
    let newValues = random([2, 1, 1, 4], 6)
    var cache = KeyValueCache(rowCount: 2)
    try mechanism.remember(keys: keys, values: values, in: &cache)
    let place = Positions.from(cache.lengths)
    try mechanism.remember(keys: newKeys, values: newValues, in: &cache)
    let next = try mechanism.attend(newQuery, Memory(cache), positions: place)
    return next
}

private func parts() throws -> [AttentionMechanism] {
    let additive = AttentionMechanism(
        score: .additive(querySize: 4, keySize: 4, hiddenSize: 8, key: RandomKey(seed: 1)))
    let gemma = AttentionMechanism(modifiers: [try .rope(rotarySize: 4), .softcap(50)], scope: .causal)
    let mistral = AttentionMechanism(scope: .intersection(.causal, .slidingWindow(left: 3, right: nil)))
    let sparse = AttentionMechanism(normalizer: .entmax15)
    let calm = AttentionMechanism(normalizer: .tempered(.softmax, temperature: 2))
    return [additive, gemma, mistral, sparse, calm]
}

private func heads() throws -> Tensor {
    let sparse = AttentionMechanism(normalizer: .entmax15)
    let annotations = random([2, 5, 8], 7)
    let states = random([2, 3, 8], 8)
    let layer = MultiHeadAttention(8, headCount: 2, mechanism: sparse, key: RandomKey(seed: 2))
    let source = try layer.remember(annotations, lengths: [5, 2])
    let read = try layer.attend(states, source)
    return read
}

struct ManhattanScore: Score {
    func compare(_ query: Tensor, _ keys: Tensor) throws(ShapeError) -> Tensor {
        let difference = query.unsqueezed(axis: 3) - keys.unsqueezed(axis: 2)  // [B, H, Q, K, D]
        return -(try difference.absolute().sum(axis: 4))
    }
}

extension Score where Self == ManhattanScore {
    static var manhattan: ManhattanScore { ManhattanScore() }
}

extension ManhattanScore {
    static let descriptor = ScoreDescriptor(
        "manhattan", "Manhattan distance", .score, formula: "s = −Σ |q − k|", cost: "O(QKD)", use: "…", source: "…",
        fresh: .plain(ManhattanScore())
    ) { _ in ManhattanScore() }
}

private func newScore() -> AttentionMechanism {
    let mechanism = AttentionMechanism(score: .manhattan, scope: .causal, normalizer: .sparsemax)
    return mechanism
}

@Suite struct DocumentationTests {
    private static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private static func lines(_ path: String) throws -> [String] {
        try String(contentsOf: package.appendingPathComponent(path), encoding: .utf8)
            .split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }

    private static func articles() throws -> [String] {
        let folder = "Sources/Attention/Attention.docc"
        return try FileManager.default.contentsOfDirectory(atPath: package.appendingPathComponent(folder).path)
            .filter { $0.hasSuffix(".md") }.sorted().map { folder + "/" + $0 }
    }

    /// The lines of each Swift snippet of an article.
    private static func snippets(_ lines: [String]) -> [[String]] {
        var (snippets, current): ([[String]], [String]?) = ([], nil)
        for line in lines {
            if line == "```swift" {
                current = []
            } else if line == "```", let snippet = current {
                snippets.append(snippet)
                current = nil
            } else {
                current?.append(line)
            }
        }
        return snippets
    }

    @Test func everySnippetIsCompiled() throws {
        let lessons = try FileManager.default
            .contentsOfDirectory(atPath: Self.package.appendingPathComponent("Examples/Lessons").path)
        let sources = try
            (["Tests/AttentionTests/DocumentationTests.swift", "Examples/WordEmbeddings/main.swift"]
            + lessons.map { "Examples/Lessons/" + $0 })
            .map(Self.lines)
        let articles = try Self.articles()
        #expect(articles.count >= 12)
        var count = 0
        for article in articles {
            for snippet in Self.snippets(try Self.lines(article)) {
                count += 1
                let isFound = sources.contains { source in
                    source.indices.contains { source[$0...].starts(with: snippet) }
                }
                #expect(isFound, "\(article): not compiled anywhere: \(snippet.first ?? "")")
            }
        }
        #expect(count >= 30)
    }

    @Test func theNewScoreObeysTheLaws() throws {
        try ScoreLaws(ManhattanScore(), querySize: 4, keySize: 4).checkAll()
    }

    @Test func everyLinkBetweenArticlesLeadsSomewhere() throws {
        let articles = try Self.articles()
        for article in articles {
            for line in try Self.lines(article) {
                for link in line.components(separatedBy: "<doc:").dropFirst() {
                    let name = link.prefix { $0 != ">" }
                    #expect(articles.contains { $0.hasSuffix("/\(name).md") }, "\(article): \(name)")
                }
            }
        }
    }

    @Test func snippetsDoWhatTheArticlesSay() throws {
        let weights = try landingPage().weights
        #expect(weights[1, 0, 2, 3] == 0 && weights[0, 0, 0, 1] == 0)
        #expect(try growingMemory().shape == [2, 1, 1, 4])
        for mechanism in try parts() + [newScore()] {
            let memory = try mechanism.remember(keys: keys, values: values)
            let alignment = try mechanism.align(query, memory)
            let sums = try alignment.weights.sum(axis: 3).values
            #expect(sums.allSatisfy { abs($0 - 1) < 1e-5 })
        }
        #expect(try heads().shape == [2, 3, 8])
    }

    @Test func theNewScoreIsItsFormula() throws {
        let scores = try ManhattanScore.manhattan.compare(query, keys)
        let distance = (0..<4).reduce(Float(0)) { $0 + abs(query[1, 0, 2, $1] - keys[1, 0, 5, $1]) }
        #expect(abs(scores[1, 0, 2, 5] + distance) < 1e-5)
    }
}

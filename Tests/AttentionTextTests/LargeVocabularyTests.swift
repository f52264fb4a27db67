import AttentionFiles
import AttentionText
import Testing

/// Vocabularies of thousands of pieces that begin alike, against what a dictionary and plain search say.
@Suite struct LargeVocabularyTests {
    private static let characters = ["a", "b", "ab", "é", "日", "\"", "\\", "😀", "\u{0}"]

    private func text(_ lengths: ClosedRange<Int>, _ generator: inout SplitMix) -> String {
        let length = Int.random(in: lengths, using: &generator)
        return (0..<length).map { _ in Self.characters.randomElement(using: &generator) ?? "" }.joined()
    }

    /// Distinct ones, the single characters first; some are longer than 31 bytes.
    private func pieces(_ count: Int, _ generator: inout SplitMix) -> [[UInt8]] {
        var pieces = ["a", "b", "é", "日", "\"", "\\", "😀", "\u{0}"].map { Array($0.utf8) }
        var known = Set(pieces)
        while pieces.count < count {
            let piece = Array(text(pieces.count % 50 == 0 ? 30...60 : 0...8, &generator).utf8)
            if known.insert(piece).inserted { pieces.append(piece) }
        }
        return pieces
    }

    private func model(_ members: [JSONMember]) throws -> any SubwordModel {
        let json = JSONWriter.write(.object(members))
        return try SubwordModels.read(try JSONParser.parse(json, tableKeys: ["vocab", "merges"]))
    }

    private func string(_ bytes: some Sequence<UInt8>) -> String { String(decoding: Array(bytes), as: UTF8.self) }

    private func vocabulary(_ pieces: [[UInt8]]) -> JSONMember {
        JSONMember(
            "vocab", .object(pieces.enumerated().map { JSONMember(string($1), .number(JSONNumber($0))) }))
    }

    @Test func piecesAndIDs() throws {
        var generator = SplitMix(state: 1)
        let pieces = pieces(3000, &generator)
        // In any order, with gaps; the first hundred are there twice, and the later one counts.
        let ids = (0..<3100).map { 7 * $0 }.shuffled(using: &generator)
        let members = zip(pieces + pieces.prefix(100), ids).map { JSONMember(string($0), .number(JSONNumber($1))) }
        let model = try model([
            JSONMember("type", "WordLevel"), JSONMember("unk_token", "a"), JSONMember("vocab", .object(members)),
        ])
        let expected = Dictionary(zip(pieces + pieces.prefix(100), ids)) { $1 }
        for (piece, id) in expected {
            #expect(model.vocabulary.id(of: piece[...]) == id)
            #expect(model.vocabulary.bytes(of: id) == piece[...])
            #expect((model.vocabulary.id(of: (piece + [0x61])[...])) == expected[piece + [0x61]])
        }
        let taken = Set(expected.values)
        for id in 0..<7 * 3100 where !taken.contains(id) {
            #expect(model.vocabulary.bytes(of: id) == nil)
        }
        #expect(model.vocabulary.count == (expected.values.max() ?? 0) + 1)
    }

    @Test(arguments: [true, false]) func merges(areLists: Bool) throws {
        var generator = SplitMix(state: 2)
        var pieces = ["a", "b", "é", "日", "😀"].map { Array($0.utf8) }
        var known = Dictionary(uniqueKeysWithValues: pieces.enumerated().map { ($1, $0) })
        var rules: [(left: [UInt8], right: [UInt8])] = []
        while rules.count < 700 {
            let candidates = pieces.filter { $0.count < 12 }
            guard let left = candidates.randomElement(using: &generator),
                let right = candidates.randomElement(using: &generator),
                !rules.contains(where: { $0.left == left && $0.right == right })
            else { continue }
            rules.append((left, right))
            // Some rules make what others made.
            if known[left + right] == nil {
                known[left + right] = pieces.count
                pieces.append(left + right)
            }
        }
        func written(_ left: [UInt8], _ right: [UInt8]) -> JSONValue {
            areLists
                ? .array([.string(string(left)), .string(string(right))]) : .string(string(left) + " " + string(right))
        }
        func model(_ rules: [JSONValue]) throws -> any SubwordModel {
            try self.model([
                JSONMember("type", "BPE"), vocabulary(pieces), JSONMember("merges", .array(rules)),
            ])
        }
        let written = rules.map { written($0.left, $0.right) }
        let bpe = try model(written)
        let ranks = Dictionary(
            uniqueKeysWithValues: rules.enumerated().map { ($1.left + [0xFF] + $1.right, $0) })
        for _ in 0..<300 {
            let text = (0..<20).map { _ in ["a", "b", "é", "日", "😀"].randomElement(using: &generator) ?? "" }
            var parts = text.map { Array($0.utf8) }
            while let (rank, place) = zip(parts, parts.dropFirst()).enumerated().compactMap({ place, pair in
                ranks[pair.0 + [0xFF] + pair.1].map { ($0, place) }
            }).min(by: <) {
                parts.replaceSubrange(place...place + 1, with: [rules[rank].left + rules[rank].right])
            }
            #expect(bpe.subwords(of: Array(text.joined().utf8)).map { Int($0.id) } == parts.map { known[$0] })
        }
        for wrong in [["x", "a"], ["a", "x"]] {
            let rule = areLists ? JSONValue.array(wrong.map(JSONValue.string)) : .string(wrong.joined(separator: " "))
            let expected = TokenizerError.missingPiece(stage: "model BPE", field: "merges", piece: "x")
            #expect(throws: expected) { try model(written.prefix(500) + [rule] + written.dropFirst(500)) }
        }
    }

    /// Scores are sums of powers of two, so that they add up exactly, in whatever order.
    @Test func bestCuts() throws {
        var generator = SplitMix(state: 3)
        let pieces = pieces(2000, &generator).filter { !$0.isEmpty }
        let scores = pieces.map { _ in -Double(Int.random(in: 1...4096, using: &generator)) / 1024 }
        let entries = zip(pieces, scores).map { JSONValue.array([.string(string($0)), .number(JSONNumber($1))]) }
        let unigram = try model([JSONMember("type", "Unigram"), JSONMember("vocab", .array(entries))])
        let known = Dictionary(uniqueKeysWithValues: zip(pieces, scores))
        let long = pieces.filter { $0.count > 31 }
        try #require(long.count > 10)
        for round in 0..<200 {
            var text = Array(text(1...12, &generator).utf8)
            if round % 4 == 0 { text += long.randomElement(using: &generator) ?? [] }
            var best = [0.0] + [Double](repeating: -.infinity, count: text.count)
            for end in 1...text.count {
                for start in 0..<end {
                    if let score = known[Array(text[start..<end])] { best[end] = max(best[end], best[start] + score) }
                }
            }
            let found = unigram.subwords(of: text)
            #expect(found.flatMap { pieces[Int($0.id)] } == text)
            #expect(found.reduce(0) { $0 + scores[Int($1.id)] } == best[text.count])
        }
    }
}

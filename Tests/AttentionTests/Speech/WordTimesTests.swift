import Attention
import Foundation
import Testing

/// When words were said; `scripts/make-speech-fixtures.py` made the cases with transformers.
@Suite struct WordTimesTests {
    private struct Case: Decodable {
        let heads: [[Float]]
        let tokens: Int
        let moments: Int
        let width: Int
        let ends: [Int]
    }
    private struct Cases: Decodable { let times: [Case] }

    @Test func tokensEndWhereTheReferenceSays() throws {
        let path = #filePath.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 }
        let data = try Data(contentsOf: URL(fileURLWithPath: path + "/Fixtures/Speech/timestamps.json"))
        let cases = try JSONDecoder().decode(Cases.self, from: data).times
        #expect(cases.count == 7)
        for one in cases {
            let found = TokenTimes(
                heads: one.heads, tokenCount: one.tokens, momentCount: one.moments, medianWidth: one.width)
            #expect(found.ends == one.ends)
        }
    }

    /// The least sum over all paths, by trying each.
    private func least(_ costs: [[Float]], _ row: Int, _ column: Int) -> Float {
        guard row >= 0, column >= 0 else { return .infinity }
        guard row + column > 0 else { return costs[0][0] }
        return costs[row][column]
            + min(least(costs, row - 1, column - 1), least(costs, row - 1, column), least(costs, row, column - 1))
    }

    @Test func thePathIsTheCheapest() {
        var generator = RandomKey(seed: 8).generator()
        for (rows, columns) in [(1, 1), (1, 4), (4, 1), (3, 3), (2, 6), (5, 4)] {
            let costs = (0..<rows).map { _ in (0..<columns).map { _ in Float.random(in: -1...1, using: &generator) } }
            let path = DynamicTimeWarping(costs.flatMap(\.self), rowCount: rows, columnCount: columns)
            // From where the path comes to a row it goes right until it leaves it, straight down or with a last step to the right.
            func sum(_ leaving: [Int]) -> Float {
                (0..<rows).reduce(0) { $0 + costs[$1][path.columns[$1]...leaving[$1]].reduce(0, +) }
            }
            let next = Array(path.columns.dropFirst()) + [columns - 1]
            var best = Float.infinity
            for choice in 0..<1 << (rows - 1) {
                let leaving = (0..<rows).map { row in
                    row == rows - 1 || choice >> row & 1 == 0 ? next[row] : max(path.columns[row], next[row] - 1)
                }
                best = min(best, sum(leaving))
            }
            #expect(abs(best - least(costs, rows - 1, columns - 1)) < 1e-5)
            #expect(path.columns.first == 0 && path.columns == path.columns.sorted())
        }
    }

    /// Whatever heads look like, there are times.
    @Test func nothingToTellTokensApart() {
        #expect(TokenTimes(heads: [], tokenCount: 2, momentCount: 5, medianWidth: 7).ends == [0, 0])
        #expect(TokenTimes(heads: [[]], tokenCount: 0, momentCount: 5, medianWidth: 7).ends.isEmpty)
        let blind = [Float](repeating: .nan, count: 12)
        let ends = TokenTimes(heads: [blind], tokenCount: 3, momentCount: 4, medianWidth: 7).ends
        #expect(ends == ends.sorted() && ends.allSatisfy { 0..<4 ~= $0 })
    }

    private func words(_ pieces: [String]) -> [SpokenWords.Word] {
        SpokenWords(Array(pieces.indices), language: "en") { $0.map { pieces[$0] }.joined() }.words
    }

    /// What transformers says to the same pieces.
    @Test func wordsTakeTheirPunctuation() {
        let pieces = [" He", " said", ",", " \"", "Str", "aw", "berries", "!\"", " (", "twice", ")", " don", "'t"]
        let found = words(pieces)
        #expect(
            found.map(\.text) == [" He", " said,", " \"Strawberries", "!\"", " (twice)", " don't"],
            "\(found.map(\.text))")
        #expect(found.map(\.tokens) == [0..<1, 1..<3, 3..<7, 7..<8, 8..<11, 11..<13])
        #expect(words([" a", " -", " b"]).map(\.text) == [" a", " - b"])
        #expect(words([" wait", "...", " no"]).map(\.text).last == " no")
        #expect(words([" --", " yes"]).map(\.text) == [" --", " yes"])
        #expect(words([" word", "--", "next"]).map(\.text) == [" word--next"])
    }

    /// A byte that stands alone in the text is no reason to wait for more.
    @Test func brokenCharactersAreCharacters() {
        #expect(words([" a", "\u{FFFD}", " b", " c"]).map(\.text) == [" a\u{FFFD}", " b", " c"])
    }

    /// A character in several tokens is one; without spaces each is a word.
    @Test func charactersInPieces() {
        let bytes: [[UInt8]] = [[0xE6], [0x97], [0xA5], Array("本".utf8), Array("。".utf8)]
        let words = SpokenWords([0, 1, 2, 3, 4], language: "ja") { ids in
            String(decoding: ids.flatMap { bytes[$0] }, as: UTF8.self)
        }.words
        #expect(words.map(\.text) == ["日", "本。"] && words.map(\.tokens) == [0..<3, 3..<5])
        #expect(SpokenWords([], language: nil) { _ in "" }.words.isEmpty)
    }
}

import AttentionEvaluation
import Testing

/// Numbers counted by hand.
@Suite struct ErrorRateTests {
    private func rate(_ unit: ErrorRate.Unit, _ pairs: [(found: String, reference: String)]) -> ErrorRate {
        pairs.reduce(into: ErrorRate(of: unit)) { $0.add($1.found, reference: $1.reference) }
    }

    @Test func wordsAreReplacedLeftOutAndPutIn() {
        for (found, reference, edits, count) in [
            ("one two three", "one two three", 0, 3), ("one too three", "one two three", 1, 3),
            ("one three", "one two three", 1, 3), ("one two two three", "one two three", 1, 3), ("", "one two", 2, 2),
            ("one", "", 1, 0), ("", "", 0, 0), ("three two one", "one two three", 2, 3),
            ("two three four", "one two three", 2, 3), (" one\ttwo\n", "one two", 0, 2), ("One", "one", 1, 1),
        ] as [(String, String, Int, Int)] {
            let judged = rate(.words, [(found, reference)])
            #expect(judged.editCount == edits && judged.count == count, "\(reference)")
        }
    }

    @Test func charactersAreCountedWithOneSpaceBetweenWords() {
        for (found, reference, edits, count) in [
            ("kitten", "sitting", 3, 7), ("one  two", "one two", 0, 7), ("onetwo", "one two", 1, 7), ("", "zero", 4, 4),
            // Two scalars instead of one, though they look alike.
            ("e\u{301}", "é", 2, 1),
        ] as [(String, String, Int, Int)] {
            let judged = rate(.characters, [(found, reference)])
            #expect(judged.editCount == edits && judged.count == count, "\(reference)")
        }
    }

    /// Long texts count for more than short ones, which a mean of rates would not give.
    @Test func textsAreCountedTogether() {
        let found = rate(.words, [("a", "b"), ("one two three", "one two three"), ("", "")])
        #expect(found.rate == 0.25)
        #expect(rate(.words, []).rate == 0)
        #expect(rate(.words, [("a b c", "a")]).rate == 2)
    }

    /// As few edits as any way through all pairs of beginnings takes.
    @Test func noShorterWayIsThere() {
        func fewest(_ one: ArraySlice<Character>, _ other: ArraySlice<Character>) -> Int {
            guard let first = one.first, let second = other.first else { return max(one.count, other.count) }
            return min(
                fewest(one.dropFirst(), other.dropFirst()) + (first == second ? 0 : 1),
                fewest(one.dropFirst(), other) + 1, fewest(one, other.dropFirst()) + 1)
        }
        let words = ["", "a", "b", "ab", "ba", "aab", "abab", "bbaa"]
        for one in words {
            for other in words {
                #expect(rate(.characters, [(one, other)]).editCount == fewest(Array(one)[...], Array(other)[...]))
            }
        }
    }
}

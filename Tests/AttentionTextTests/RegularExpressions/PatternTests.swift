import AttentionFiles
import AttentionText
import Testing

/// Regular expressions against the reference: those that models are published with, on texts where their alternatives
/// compete, and random ones on all short strings of three letters.
@Suite struct PatternTests {
    private func splitter(_ pattern: String) throws -> any PreTokenizer {
        try PreTokenizers.read(
            .object([
                JSONMember("type", "Split"), JSONMember("pattern", .object([JSONMember("Regex", .string(pattern))])),
                JSONMember("behavior", "Isolated"), JSONMember("invert", false),
            ]))
    }

    private func cut(_ text: String, _ splitter: any PreTokenizer) -> [String] {
        splitter.split(Segment(AlignedText(text)[...])).map(\.text.string)
    }

    @Test func publishedPatterns() throws {
        let patterns = try Fixtures.json("patterns.json")["patterns"].elements
        try #require(patterns.count >= 4)
        for item in patterns {
            let splitter = try splitter(item["pattern"].text)
            for pair in item["cases"].elements.map(\.elements) {
                #expect(
                    cut(pair[0].text, splitter).map(\.scalarValues) == pair[1].elements.map(\.text.scalarValues),
                    "\(item["name"].text) on \(pair[0].text.debugDescription)")
            }
        }
    }

    @Test func everyShortString() throws {
        let document = try Fixtures.json("patterns.json")
        let strings = document["strings"].elements.map(\.text)
        try #require(strings.count == 3 + 9 + 27 + 81)
        for item in document["exhaustive"].elements.map(\.elements) {
            let splitter = try splitter(item[0].text)
            for (text, lengths) in zip(strings, item[1].elements.map(\.text)) {
                let found = cut(text, splitter).map { "\($0.unicodeScalars.count)" }.joined()
                #expect(found == lengths, "\(item[0].text.debugDescription) on \(text.debugDescription)")
            }
        }
    }

    /// Of a long run, a matcher that goes back tries every length; here it would never end.
    @Test(arguments: ["x", " ", "1", "!", "A", "\n", "\u{301}", "日", "'", " \n"]) func longRuns(_ unit: String) throws {
        for item in try Fixtures.json("patterns.json")["patterns"].elements where item["name"].text != "lazy" {
            let text = String(repeating: unit, count: 100_000)
            let parts = cut(text, try splitter(item["pattern"].text))
            #expect(parts.reduce(0) { $0 + $1.unicodeScalars.count } == text.unicodeScalars.count)
        }
    }

    @Test(arguments: [
        (#"(a)\1"#, #"the escape \1"#), ("^a", "the anchor ^"), ("(?<!a)b", "the group (?<!"),
        ("*a", "a quantifier without anything before it"), ("[b-a]", "a range out of order"),
        (#"\p{Nope}"#, #"the property \p{Nope}"#), ("(a", "a group without its ')'"),
        ("a(?=bc)", "a look-ahead at more than one character"),
    ]) func refusals(_ pattern: String, _ reason: String) {
        #expect { try splitter(pattern) } throws: { "\($0)".contains("found \(reason) at character ") }
    }
}

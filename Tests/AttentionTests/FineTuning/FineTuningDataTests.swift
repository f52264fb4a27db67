import Attention
import AttentionFiles
import Testing

/// Data files as people have them, and what is wrong with others.
@Suite struct FineTuningDataTests {
    private let folder: TunedFolder

    init() throws { folder = try TunedFolder() }

    private func file(_ text: String, _ name: String) throws -> [String] {
        try AtomicFile.write(Array(text.utf8), to: folder.path(name))
        return [folder.path(name)]
    }

    private func complaint(_ text: String, _ name: String, _ read: ([String]) throws -> Void) throws -> String {
        let paths = try file(text, name)
        do {
            try read(paths)
            return ""
        } catch { return "\(error)".replacing(folder.root + "/", with: "") }
    }

    @Test func classes() throws {
        let wanted = [ClassifiedText("one", label: "a"), ClassifiedText("two", pair: "three", label: "b")]
        #expect(try ClassifiedText.read(try file("a\tone\r\n\n  \nb\ttwo\tthree", "x.tsv")) == wanted)
        let lines =
            #"{"label": "a", "text": "one"}"# + "\n\n" + #"{"text": "two", "pair": "three", "label": "b"}"# + "\n"
        #expect(try ClassifiedText.read(try file(lines, "x.jsonl")) == wanted)
        func refusal(_ text: String, _ name: String = "y.tsv") throws -> String {
            try complaint(text, name) { _ = try ClassifiedText.read($0) }
        }
        #expect(
            try refusal("a\tone\njust text\n")
                == "y.tsv: line 2: expected a label and a text, or two, with tabs between them, found one column")
        #expect(try refusal("a\t \n").hasSuffix("found nothing in column 2"))
        #expect(try refusal("a\tb\tc\td\n").hasSuffix("found 4 columns"))
        #expect(try refusal("").hasPrefix("y.tsv: expected at least one line"))
        #expect(
            try refusal(#"{"label": 3, "text": "x"}"#, "y.jsonl")
                == #"y.jsonl: line 1: expected a text as "label", found the number 3"#)
        #expect(try refusal("[1]\n", "y.jsonl") == "y.jsonl: line 1: expected an object, found an array")
        #expect(try refusal("{\n", "y.jsonl").hasPrefix("y.jsonl: line 1: expected JSON, found"))
    }

    @Test func tags() throws {
        let wanted = [
            TaggedWords(words: ["Ada", "runs"], tags: ["B-PER", "O"]), TaggedWords(words: ["sun"], tags: ["O"]),
        ]
        #expect(try TaggedWords.read(try file("Ada\tB-PER\nruns\tO\n\n\nsun\tO", "x.tsv")) == wanted)
        let lines =
            #"{"tokens": ["Ada", "runs"], "tags": ["B-PER", "O"]}"# + "\n" + #"{"tokens": ["sun"], "tags": ["O"]}"#
        #expect(try TaggedWords.read(try file(lines, "x.jsonl")) == wanted)
        let few = try complaint(#"{"tokens": ["a", "b"], "tags": ["O"]}"#, "y.jsonl") { _ = try TaggedWords.read($0) }
        #expect(
            few == "y.jsonl: line 1: expected as many tags as tokens, and at least one, found 2 tokens and 1 tags")
        let columns = try complaint("Ada B-PER\n", "y.tsv") { _ = try TaggedWords.read($0) }
        #expect(columns == "y.tsv: line 1: expected a word and its tag with a tab between them, found one column")
    }

    @Test func pairs() throws {
        let wanted = [AlikeTexts("one", "eins")]
        #expect(try AlikeTexts.read(try file("one\teins\n", "x.tsv")) == wanted)
        #expect(try AlikeTexts.read(try file(#"{"anchor": "one", "positive": "eins"}"#, "x.jsonl")) == wanted)
    }

    private let squad = #"""
        {"data": [{"title": "t", "paragraphs": [{"context": "Zoë 👩‍🔬 wrote it.", "qas": [
        {"id": "q1", "question": "Who?", "answers": [{"text": "Zoë", "answer_start": 0}, {"text": "wrote", "answer_start": 8}]},
        {"id": "q2", "question": "Why?", "answers": [], "is_impossible": true}]}]}]}
        """#

    /// Places count Unicode scalars, not characters; questions without an answer are left out.
    @Test func answers() throws {
        let found = try AskedQuestion.read(try file(squad, "x.json"))
        #expect(found.map(\.id) == ["q1"])
        #expect(found[0].answers == [.init("Zoë", start: 0), .init("wrote", start: 8)])
        let moved = squad.replacing("\"answer_start\": 8", with: "\"answer_start\": 6")
        #expect(
            try complaint(moved, "y.json") { _ = try AskedQuestion.read($0) }
                == "y.json: expected the answer \"wrote\" to question q1 at character 6 of its context, found other text; "
                + "answer_start counts Unicode code points from 0")
        let line =
            #"{"id": "1", "question": "Who?", "context": "Ada.", "answers": [{"text": "Ada", "answer_start": 0}]}"#
        #expect(try AskedQuestion.read(try file(line, "x.jsonl")).count == 1)
        let none = try complaint("{}", "y.json") { _ = try AskedQuestion.read($0) }
        #expect(none == "y.json: expected a list of objects as \"data\", found none")
    }
}

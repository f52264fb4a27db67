import AttentionFiles
import Testing

/// Tables tell what the tree of the same document tells.
@Suite struct JSONTableTests {
    private func table(_ text: String) throws -> JSONTable? {
        guard case .table(let table) = try JSONParser.parseTable(Array(text.utf8)) else { return nil }
        #expect(table.tree == (try JSONParser.parse(Array(text.utf8))), "\(text)")
        #expect(JSONWriter.write(.table(table)) == JSONWriter.write(table.tree))
        return table
    }

    @Test func everyForm() throws {
        #expect(try table(#"{"a":0,"é":2,"a\n\"\u00e9\ud83d\ude00":1.5}"#)?.form == .members)
        #expect(try table(#" [ "a b" , "\\" , "" ] "#)?.form == .strings)
        #expect(try table(#"[["a","b"],["",""]]"#)?.form == .pairs)
        #expect(try table("[\n  [\n    \"a\",\n    -1.25e-3\n  ],        [\"b\", 9]\n]")?.form == .numberedPairs)
        #expect(try table("[]")?.count == 0)
        #expect(try table("{}")?.form == .members)
        #expect(
            try table(#"[["a",-3.4635426998138428],["b",-12.000000000000001]]"#)?.numbers == [
                -3.4635426998138428, -12.000000000000001,
            ])
    }

    /// Whatever is no table is read as a tree, and what is no JSON is refused as ever.
    @Test func whatIsNoTable() throws {
        for text in [
            "[1]", "[[]]", "[[\"a\"]]", #"[["a",1,2]]"#, #"[["a",1],["a","b"]]"#, #"["a",["b","c"]]"#, #"{"a":"b"}"#,
            #"{"a":null}"#, "3", "null", #"[["a",{}]]"#, "[[[]]]",
        ] {
            #expect(try table(text) == nil, "\(text)")
        }
        for text in [
            #"["a",]"#, #"["a""#, #"{"a":0,}"#, #"{"a" 0}"#, #"[["a",01]]"#, "[\"a\u{1}\"]", #"["\x"]"#, #"["a"] x"#,
            #"[["a",1]"#,
        ] {
            let bytes = Array(text.utf8)
            let error = try #require(throws: JSONError.self) { try JSONParser.parse(bytes) }
            #expect(throws: error) { try JSONParser.parseTable(bytes) }
        }
        #expect(throws: JSONError.self) { try JSONParser.parseTable([0x5B, 0x22, 0xFF, 0x22, 0x5D]) }
    }

    /// Strings and spaces of all lengths, at all places of a word, with what needs care at each place.
    @Test func everyLength() throws {
        for length in 0...40 {
            let space = String(repeating: " ", count: length)
            for place in 0...length {
                for mark in ["", "é", "日", #"\""#, #"\u00e9"#, "\u{7F}"] {
                    let string =
                        String(repeating: "x", count: place) + mark + String(repeating: "y", count: length - place)
                    let form = try table("[\n\(space)\"\(string)\",\"\(string)\"\(space)]\(space)")?.form
                    #expect(form == .strings)
                }
                let bad = String(repeating: "x", count: place) + "\u{1}" + String(repeating: "y", count: length - place)
                #expect(throws: JSONError.self) { try table("[\"\(bad)\"]") }
            }
        }
        for count in 1...30 {
            for digits in [String(repeating: "9", count: count), "1" + String(repeating: "0", count: count - 1)] {
                let text = #"{"a":\#(digits).5,"b":-0.\#(digits)}"#
                guard case .table(let table) = try JSONParser.parseTable(Array(text.utf8)) else {
                    Issue.record("expected a table")
                    return
                }
                #expect(table.numbers == [Double(digits + ".5"), Double("-0." + digits)])
            }
        }
    }

    /// Each string is UTF-8 by itself: halves of a character in two of them make no whole.
    @Test func halvesOfACharacter() throws {
        let bytes = Array("[\"".utf8) + [0xC3] + Array("\",\"".utf8) + [0xA9] + Array("\"]".utf8)
        let error = try #require(throws: JSONError.self) { try JSONParser.parse(bytes) }
        #expect(throws: error) { try JSONParser.parseTable(bytes) }
    }

    @Test func onlyWhatIsAskedForIsATable() throws {
        let text = Array(#"{"model":{"vocab":{"a":0},"merges":["a b"],"other":["c"]}}"#.utf8)
        let tree = try JSONParser.parse(text)
        let mixed = try JSONParser.parse(text, tableKeys: ["vocab", "merges"])
        guard case .object(let members) = mixed, case .object(let model) = members[0].value else {
            Issue.record("expected objects")
            return
        }
        let areTables = model.map { if case .table = $0.value { true } else { false } }
        #expect(areTables == [true, true, false])
        #expect(JSONWriter.write(mixed) == JSONWriter.write(tree))
    }
}

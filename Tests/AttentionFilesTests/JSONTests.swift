import AttentionFiles
import Testing

@Suite struct JSONTests {
    private func parse(_ text: String) throws -> JSONValue {
        try JSONParser.parse(Array(text.utf8))
    }

    private func rewritten(_ text: String) throws -> String {
        String(decoding: JSONWriter.write(try parse(text), as: .compact), as: UTF8.self)
    }

    @Test(arguments: [
        "null", "true", "false", "0", "-1", "12345678901234", "0.5", "-1.25e-30", #""a\"b\\c""#, "[]", "{}", "[1,2]",
        "-0", "9223372036854775807", "-9223372036854775808", "18446744073709551615", "1e+22", "5e-324",
        #"{"b":[],"a":{}}"#,
    ])
    func writesWhatItReads(_ text: String) throws {
        #expect(try rewritten(text) == text)
    }

    @Test func readsEscapes() throws {
        guard case .string(let text) = try parse(#""\u00e9\n\ud83d\ude00\/""#) else {
            Issue.record("expected a string")
            return
        }
        #expect(text == "é\n😀/")
        #expect(try rewritten(#""\u0001\n""#) == #""\u0001\n""#)
    }

    @Test func keepsKeysThatStringsConfuse() throws {
        guard case .object(let members) = try parse(#"{"\u00e9": 1, "e\u0301": 2}"#) else {
            Issue.record("expected an object")
            return
        }
        #expect(members.map { Array($0.key.unicodeScalars) } == [["\u{E9}"], ["e", "\u{301}"]])
    }

    @Test(arguments: [
        "", " ", "tru", "nul", "01", "1.", "1e", "-", "+1", ".5", "1e999", "[1,]", "[1 2]", "{\"a\"}", "{a:1}",
        "{\"a\":1,}",
        "00", "-01", "0x1", "1.e1", "1e+", "Infinity", "[", "{", "[1", "{\"a\":", "{\"a\":1", "[,]", "{,}", "{1:2}",
        "\u{B}1", "\u{A0}1",
        "'a'", "\"\u{0}\"", "\"\\u00g0\"", "\"\\udc00\"", "\"\\ud800\\n\"", "// a", "1//", "TRUE", "\u{FEFF}",
        "1\u{FEFF}",
        "\"", "\"\\x\"", "\"\\u12\"", "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\n\"", "1 2", "]", "NaN",
    ])
    func refuses(_ text: String) {
        #expect(throws: JSONError.self) { try parse(text) }
    }

    @Test func refusesDepthAndBadUTF8() {
        #expect(throws: JSONError.self) { try parse(String(repeating: "[", count: 1_000_000)) }
        #expect(throws: JSONError.self) { try JSONParser.parse([0x22, 0xFF, 0x22]) }
    }

    @Test func readsEdges() throws {
        #expect(try parse(" \t\r\n[ 1 , { } ]\n") == .array([1, .object([])]))
        #expect(try parse("\u{FEFF}[]") == .array([]))
        #expect(try parse("1E2") == 100)
        #expect(try parse("1e-999") == 0)
        #expect(try parse("0.10000000000000000000000000000000000000001") == .number(JSONNumber(0.1)))
        #expect(try parse("123456789012345678901234567890") == .number(JSONNumber(123456789012345678901234567890.0)))
        #expect(try parse(String(repeating: "[", count: 128) + String(repeating: "]", count: 128)) != .null)
        #expect(try parse(#""\u0000\uD834\udd1e\/""#) == "\u{0}\u{1D11E}/")
    }

    @Test func keysThatStandTwice() throws {
        let bytes = Array(#"{"a": 1, "b": {"a": 2}, "a": 3}"#.utf8)
        guard case .object(let members) = try JSONParser.parse(bytes) else {
            Issue.record("expected an object")
            return
        }
        #expect(members.map(\.key) == ["a", "b", "a"])
        #expect(throws: JSONError.malformed(byte: 27, expected: "each name once", found: "a twice")) {
            try JSONParser.parse(bytes, duplicates: .refused)
        }
    }

    @Test func saysWhereAndWhat() {
        for (text, sentence) in [
            ("[1,]", "expected a value at byte 3 of the JSON document, found ']'"),
            ("[1", "expected ',' or ']' in an array at byte 2 of the JSON document, found the end"),
            ("{\"a\" 1}", "expected ':' after a key at byte 5 of the JSON document, found '1'"),
            ("\"a\n\"", "expected a control character to be escaped at byte 2 of the JSON document, found byte 10"),
            ("01", "expected a number at byte 0 of the JSON document, found one that begins with 0"),
        ] {
            let error = #expect(throws: JSONError.self) { try parse(text) }
            #expect(error?.description == sentence)
        }
    }

    @Test func membersOneByOne() throws {
        var seen: [String] = []
        try JSONParser.forEachMember(of: Array(#"{"a": [1], "b": "x" }"#.utf8)) { (key, value, end) throws(JSONError) in
            seen.append("\(key) \(value.summary) \(end)")
        }
        #expect(seen == ["a an array 9", "b the string \"x\" 19"])
        #expect(throws: JSONError.self) { try JSONParser.forEachMember(of: [0x5B, 0x5D]) { _, _, _ in } }
    }
}

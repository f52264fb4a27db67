import AttentionFiles
import Testing

@Suite struct JSONTests {
    private func parse(_ text: String) throws -> JSONValue {
        try JSONParser.parse(Array(text.utf8))
    }

    private func rewritten(_ text: String) throws -> String {
        String(decoding: JSONWriter.write(try parse(text)), as: UTF8.self)
    }

    @Test(arguments: [
        "null", "true", "false", "0", "-1", "12345678901234", "0.5", "-1.25e-30", #""a\"b\\c""#, "[]", "{}", "[1,2]",
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
        #expect(try rewritten(#""\u0001\n""#) == #""\u0001\u000a""#)
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
        "\"", "\"\\x\"", "\"\\u12\"", "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\n\"", "1 2", "]", "NaN",
    ])
    func refuses(_ text: String) {
        #expect(throws: JSONError.self) { try parse(text) }
    }

    @Test func refusesDepthAndBadUTF8() {
        #expect(throws: JSONError.self) { try parse(String(repeating: "[", count: 1_000_000)) }
        #expect(throws: JSONError.self) { try JSONParser.parse([0x22, 0xFF, 0x22]) }
    }
}

import AttentionText
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
        #expect(try parse(#""\u00e9\n\ud83d\ude00\/""#).text == "é\n😀/")
        #expect(try rewritten(#""\u0001\n""#) == #""\u0001\u000a""#)
    }

    @Test func keepsKeysThatStringsConfuse() throws {
        let value = try parse(#"{"\u00e9": 1, "e\u0301": 2}"#)
        #expect(value.members.map(\.value.int) == [1, 2])
        let model = #"{"model": {"type": "BPE", "merges": [], "vocab": {"\u00e9": 1, "e\u0301": 2}}}"#
        let tokenizer = try Tokenizer(json: Array(model.utf8))
        #expect(tokenizer.id(of: "\u{E9}") == 1)
        #expect(tokenizer.id(of: "e\u{301}") == 2)
    }

    @Test(arguments: [
        "", " ", "tru", "nul", "01", "1.", "1e", "-", "+1", ".5", "1e999", "[1,]", "[1 2]", "{\"a\"}", "{a:1}",
        "{\"a\":1,}",
        "\"", "\"\\x\"", "\"\\u12\"", "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\n\"", "1 2", "]", "NaN",
    ])
    func refuses(_ text: String) {
        #expect(throws: TokenizerError.self) { try parse(text) }
    }

    @Test func refusesDepthAndBadUTF8() {
        #expect(throws: TokenizerError.self) { try parse(String(repeating: "[", count: 1_000_000)) }
        #expect(throws: TokenizerError.self) { try JSONParser.parse([0x22, 0xFF, 0x22]) }
    }
}

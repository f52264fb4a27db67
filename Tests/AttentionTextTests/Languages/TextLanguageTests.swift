import AttentionFiles
import Foundation
import Testing

@testable import AttentionText

/// Texts that fit are told from those that do not; what tokens can spell is enumerated.
@Suite struct TextLanguageTests {
    /// All texts of at most so many of these letters.
    private func texts(of letters: [String], upTo length: Int) -> [String] {
        var (all, last) = ([""], [""])
        for _ in 0..<length {
            last = last.flatMap { text in letters.map { text + $0 } }
            all += last
        }
        return all
    }

    @Test(arguments: [
        "a*b", "(ab|c)+", "a{2,3}", "[^a]b?", "(a|b)*c(a|b)*", "é+a?", "", "a|", "(?:a?b)?c", "[ab]{0,2}c{2}", "^ab$",
        "(?i)Ab", "a?é{1,2}", "\\w.",
    ])
    func patternsAgreeWithFoundation(_ pattern: String) throws {
        let language = try TextLanguage(regularExpression: pattern)
        let reference = try NSRegularExpression(pattern: "\\A(?:\(pattern))\\z")
        var count = 0
        for text in texts(of: ["a", "b", "c", "é", "B"], upTo: 4) {
            let expected = reference.firstMatch(in: text, range: NSRange(text.startIndex..., in: text)) != nil
            #expect(language.contains(text) == expected, "\(pattern) \(text)")
            count += expected ? 1 : 0
        }
        #expect(count > 0)
    }

    @Test func everyScalarIsSpelled() throws {
        let ranges: [ClosedRange<UInt32>] = [
            0x61...0x7F, 0x70...0x90, 0x7FF...0x800, 0xD700...0xE010, 0xFFF0...0x10010, 0x3042...0x51234,
        ]
        for range in ranges {
            let language = try TextLanguage(rules: [.scalars(ScalarSet([range]))])
            for value in stride(from: range.lowerBound &- 40, through: range.upperBound + 40, by: 7) {
                guard let scalar = Unicode.Scalar(value) else { continue }
                #expect(language.contains(String(scalar)) == range.contains(value), "\(value)")
            }
            for value in [range.lowerBound - 1, range.lowerBound, range.upperBound, range.upperBound + 1] {
                guard let scalar = Unicode.Scalar(value) else { continue }
                #expect(language.contains(String(scalar)) == range.contains(value), "\(value)")
            }
        }
    }

    @Test func schemasTakeWhatFits() throws {
        for (schema, fitting, others) in [
            (#"{"type": "integer"}"#, ["0", "-7", "120"], ["", "01", "1.5", "-", "+1", "1e3", " 1"]),
            (#"{"type": "number"}"#, ["0", "-7.25", "1e9", "1.5E-3"], ["1.", ".5", "1e", "NaN", "--1"]),
            (#"{"type": ["boolean", "null"]}"#, ["true", "false", "null"], ["True", "nul", "0"]),
            (
                #"{"type": "string", "minLength": 1, "maxLength": 2}"#,
                [#""a""#, #""é😀""#, #""\n\u00e9""#, #""\ud7ff""#],
                [#""""#, #""abc""#, #""\x""#, #""\ud800""#, "\"\n\"", "a", #""a"#, #""\""#]
            ),
            (
                #"{"type": "array", "items": {"type": "integer"}, "minItems": 1, "maxItems": 3}"#,
                ["[1]", "[1,2]", "[1, 2, 3]"], ["[]", "[1,2,3,4]", "[1,]", "[ 1]", "[1,  2]", "[\"a\"]", "[1"]
            ),
            (#"{"type": "array", "maxItems": 0}"#, ["[]"], ["[1]"]),
            (#"{"enum": ["a\"b", 3, null, {"k": [1]}]}"#, [#""a\"b""#, "3", "null", #"{"k":[1]}"#], ["4", "a"]),
            (#"{"type": "string", "enum": ["a", 3]}"#, [#""a""#], ["3"]), (#"{"const": 1.5}"#, ["1.5"], ["1"]),
            (#"{"anyOf": [{"type": "null"}, {"type": "integer"}]}"#, ["null", "5"], ["true"]),
            (
                #"{"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "null"}, "c": {"type": "boolean"}}, "required": ["b"]}"#,
                [
                    #"{"a":1,"b":null,"c":true}"#, #"{"b": null}"#, #"{"b":null, "c":false}"#, #"{"a": 1, "b": null}"#,
                ],
                [#"{}"#, #"{"a":1}"#, #"{"c":true,"b":null}"#, #"{"b":null,}"#, #"{,"b":null}"#, #"{"b":null,"d":1}"#]
            ),
            (
                #"{"type": "object", "properties": {"a": {"type": "null"}, "b": {"type": "null"}}, "additionalProperties": false}"#,
                [#"{}"#, #"{"a":null}"#, #"{"b":null}"#, #"{"a":null,"b":null}"#],
                [#"{"b":null,"a":null}"#, #"{"c":1}"#]
            ),
            (
                #"{"type": "object", "additionalProperties": {"type": "integer"}}"#,
                ["{}", #"{"x":1}"#, #"{"x":1, "y":2}"#],
                [#"{"x":null}"#, "{1:1}"]
            ),
            (#"{"type": "object", "additionalProperties": false}"#, ["{}"], [#"{"a":1}"#]),
            (
                #"{}"#, ["1", #"{"a":[{"b":[[]]},"c",-1e5]}"#, "[[[[[[[[1]]]]]]]]", #""x""#],
                ["", "[", "[1", "{]", "[[[]]", #"{"a"}"#, "tru"]
            ),
            (
                ##"{"$ref": "#/$defs/tree", "$defs": {"tree": {"type": "object", "properties": {"v": {"type": "integer"}, "k": {"type": "array", "items": {"$ref": "#/$defs/tree"}}}, "required": ["v"]}}}"##,
                [#"{"v":1}"#, #"{"v":1,"k":[{"v":2,"k":[]},{"v":3}]}"#], [#"{"k":[]}"#, #"{"v":1,"k":[{}]}"#]
            ),
        ] {
            let language = try TextLanguage(jsonSchema: Array(schema.utf8))
            for text in fitting { #expect(language.contains(text), "\(schema) \(text)") }
            for text in others { #expect(!language.contains(text), "\(schema) \(text)") }
        }
    }

    @Test func refusals() {
        for (schema, sentence) in [
            ("{", "json-schema: expected"),
            (
                #"{"type": "array", "contains": {}}"#,
                #"found "contains" at #; leave it out, and check the answer for it"#
            ),
            (#"{"type": "array", "item": {}}"#, #"found "item" at #; did you mean "items"?"#),
            (
                #"{"type": "object", "properties": {"a": {"type": "object", "minProperties": 2}}}"#,
                #"found "minProperties" at #/properties/a;"#
            ),
            (
                #"{"type": "text"}"#,
                #"expected one of object, array, string, number, integer, boolean, null as "type" at #, found "text""#
            ),
            (#"{"minItems": 1}"#, #"as "type" at #, found none"#),
            (
                #"{"type": "array", "minItems": 3, "maxItems": 2}"#,
                #"expected at least minItems, 3 as "maxItems" at #, found 2"#
            ),
            (#"{"type": "string", "maxLength": -1}"#, "expected a whole number from 0 to 10000"),
            (##"{"$ref": "#/$defs/none"}"##, "expected a place in the schema, such as #/$defs/name"),
            (
                ##"{"$ref": "#"}"##,
                "expected a pattern or schema that some text fits, found one that none does; loosen it"
            ),
            (##"{"anyOf": [{"$ref": "#"}, {"type": "null"}]}"##, "expected something before a schema stands in itself"),
            (#"{"enum": [1], "type": "string"}"#, "that some text fits, found one that none does"),
            (#"{"type": "object", "properties": {"a": false}, "required": ["a"]}"#, "found one that none does"),
            (
                #"{"type": "object", "properties": {"a": {}}, "required": ["b"]}"#,
                #"expected names of properties as "required" at #, found "b""#
            ),
            (
                #"{"type": "integer", "multipleOf": 9973}"#,
                "constraint: expected a pattern or schema of at most 200000 steps"
            ),
        ] {
            let error = #expect(throws: TextLanguageError.self) { try TextLanguage(jsonSchema: Array(schema.utf8)) }
            #expect(error?.description.contains(sentence) == true, "\(schema): \(error?.description ?? "")")
        }
        for (pattern, sentence) in [
            ("(a", "found a group without its ')' at character 2 of \"(a\""),
            ("a(?=b)", "found a condition on what follows"),
            ("[^\\s\\S]", "found one that none does"), ("^(a", "at character 3 of"),
            ("a{999}{999}", "at most 200000 steps"),
            ("(?<!a)b", "found the group (?<!"),
        ] {
            let error = #expect(throws: TextLanguageError.self) { try TextLanguage(regularExpression: pattern) }
            #expect(error?.description.contains(sentence) == true, "\(pattern): \(error?.description ?? "")")
        }
    }

    /// What can be written token by token is what fits and can be spelled: no more, no less, and no way leads to where nothing can follow.
    @Test(arguments: [
        ("a*b", ["a", "ab", "b", "aa", "c"]), ("(ab)*", ["ab", "b", "aba", "a"]), ("abc", ["ab", "a", "bc"]),
        ("(ab|ac)d?", ["ab", "a", "d", "cd"]), ("éa|è", ["\u{C3}\u{A9}", "a", "é"]), ("a{0,3}", ["aa", "a"]),
        ("(x|yz)(y|z)", ["x", "y", "xy", "zz", "yz"]),
    ])
    func tokensSpellWhatFits(_ pattern: String, _ pieces: [String]) throws {
        let language = try TextLanguage(regularExpression: pattern)
        let follower = try LanguageFollower(
            language, first: pieces.map { Array($0.utf8) }, later: pieces.map { Array($0.utf8) })
        var (found, written, waiting): (Set<String>, Set<[Int]>, [[Int]]) = ([], [], [[]])
        while let tokens = waiting.popLast() {
            let choices = follower.choices(behind: tokens)
            #expect(choices.mayEnd || !choices.tokens.isEmpty, "\(pattern): nothing may follow \(tokens)")
            if choices.mayEnd { found.insert(tokens.map { pieces[$0] }.joined()) }
            written.insert(tokens)
            if tokens.count < 5 { waiting += choices.tokens.tokens.map { tokens + [$0] } }
        }
        var expected: Set<String> = []
        var last: [[Int]] = [[]]
        for length in 0...5 {
            for tokens in last where language.contains(tokens.map { pieces[$0] }.joined()) {
                expected.insert(tokens.map { pieces[$0] }.joined())
            }
            if length < 5 { last = last.flatMap { tokens in pieces.indices.map { tokens + [$0] } } }
        }
        #expect(found == expected && !found.isEmpty)
    }

    @Test func tokensThatCannotSpellAreRefused() throws {
        let language = try TextLanguage(regularExpression: "abc")
        #expect(throws: TextLanguageError.unspellable) {
            try LanguageFollower(language, first: [[0x61], [0x62]], later: [[0x61], [0x62]])
        }
        // A beginning that is spelled otherwise than the rest.
        let follower = try LanguageFollower(language, first: [nil, [0x61]], later: [[0x62, 0x63], nil])
        #expect(follower.choices(behind: []).tokens.tokens == [1])
        #expect(follower.choices(behind: [1]).tokens.tokens == [0])
        #expect(follower.choices(behind: [1, 0]).mayEnd)
    }
}

/// Schemas with bytes changed give a language or a typed error.
@Suite struct DamagedSchemaTests {
    @Test func nothingTraps() {
        let schema = ##"""
            {"$ref": "#/$defs/tree", "$defs": {"tree": {"type": "object", "properties": {"v": {"type": ["integer", "null"]}, "k": {"type": "array",
            "items": {"$ref": "#/$defs/tree"}, "maxItems": 3}, "e": {"enum": ["a", 1, {"b": []}]}, "s": {"type": "string", "maxLength": 9},
            "p": {"allOf": [{"type": "string", "pattern": "^[a-c]+$"}, {"maxLength": 3}]}, "n": {"type": "number", "minimum": -1.5, "multipleOf": 3},
            "o": {"oneOf": [{"type": "null"}, {"type": "object", "additionalProperties": {}}]}}, "required": ["v"]}}}
            """##
        let original = Array(schema.utf8)
        var state: UInt64 = 3
        func draw(_ count: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(count))
        }
        var (readCount, refusedCount) = (0, 0)
        for _ in 0..<1000 {
            var bytes = original
            let (place, other) = (draw(bytes.count), draw(bytes.count))
            switch draw(3) {
            case 0: bytes[place] = original[other]
            case 1: bytes.removeSubrange(place..<min(bytes.count, place + 1 + draw(2)))
            default: bytes.insert(contentsOf: bytes[other..<min(bytes.count, other + 9)], at: place)
            }
            do throws(TextLanguageError) {
                _ = try TextLanguage(jsonSchema: bytes).contains(#"{"v":1,"k":[{"v":null}]}"#)
                readCount += 1
            } catch {
                _ = error.description
                refusedCount += 1
            }
        }
        #expect(readCount > 10 && refusedCount > 100)
    }
}

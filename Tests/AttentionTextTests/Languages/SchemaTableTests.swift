import AttentionFiles
import Foundation
import Testing

@testable import AttentionText

/// Schemas of the reference validator's opinion: what it takes is taken in the form that is written here, what it refuses is refused.
@Suite struct SchemaTableTests {
    private func languages() throws -> [(schema: String, language: TextLanguage, fixture: JSONValue)] {
        try Fixtures.json("schemas.json")["cases"].elements.map { fixture in
            let schema = JSONWriter.write(fixture["schema"], as: .compact)
            return (String(decoding: schema, as: UTF8.self), try TextLanguage(jsonSchema: schema), fixture)
        }
    }

    @Test func theValidatorIsOfTheSameOpinion() throws {
        let languages = try languages()
        try #require(languages.count >= 70)
        for (schema, language, fixture) in languages {
            for (name, expected) in [("fitting", true), ("others", false)] {
                for text in fixture[name].elements {
                    let isTaken = language.contains(text.text)
                    #expect(isTaken == expected, "\(schema) \(text.text)")
                }
            }
        }
    }

    /// Texts that are drawn byte by byte are documents. With ATTENTION_SCHEMA_TEXTS=FILE they are written there, for
    /// `scripts/make-schema-fixtures.py --check FILE`, which finds that all of them fit.
    @Test func whateverIsWrittenIsADocument() throws {
        var generator = SplitMix(state: 7)
        var lines = ""
        for (number, (schema, language, _)) in try languages().enumerated() {
            var automaton = LanguageAutomaton(language.program)
            var count = 0
            for _ in 0..<600 where count < 40 {
                guard let bytes = text(&automaton, &generator) else { continue }
                let text = String(decoding: bytes, as: UTF8.self)
                // A number of a document can be of any size; those that a double cannot hold are not drawn further.
                let parsed = Result { try JSONParser.parse(bytes) }
                if case .failure(let error) = parsed, "\(error)".contains(Self.largeNumber) { continue }
                _ = try parsed.get()
                lines += "\(number)\t\(text)\n"
                count += 1
            }
            #expect(count > 10, "\(schema)")
        }
        if let path = ProcessInfo.processInfo.environment["ATTENTION_SCHEMA_TEXTS"] {
            try AtomicFile.write(Array(lines.utf8), to: path)
        }
    }

    private static let largeNumber = "a number that a double can hold"

    /// A text of the language, by way of what ends things where there is a choice; nil if it grows too long.
    private func text(_ automaton: inout LanguageAutomaton, _ generator: inout SplitMix) -> [UInt8]? {
        var (bytes, state): ([UInt8], Int) = ([], LanguageAutomaton.start)
        while bytes.count < 300 {
            if automaton.isAccepting(state), !automaton.isOpen(state) || Bool.random(using: &generator) { return bytes }
            let choices = (0...255 as ClosedRange<UInt8>).compactMap { byte in
                let next = automaton.next(state, byte)
                return next == LanguageAutomaton.nowhere ? nil : (byte: byte, state: next)
            }
            let closing = choices.filter { "]}\"".utf8.contains($0.byte) }
            let plain = choices.filter { $0.byte < 0x7F }
            let few = Bool.random(using: &generator) && !closing.isEmpty ? closing : plain
            guard
                let next = (few.isEmpty || Int.random(in: 0..<8, using: &generator) == 0 ? choices : few)
                    .randomElement(using: &generator)
            else { return nil }
            bytes.append(next.byte)
            state = next.state
        }
        return nil
    }

    /// What is not kept is named, and so is the way out.
    @Test(arguments: [
        (#"{"not": {"type": "null"}}"#, #"found "not" at #; leave it out, and check the answer for it"#),
        (#"{"type": "array", "uniqueItems": true}"#, #"found "uniqueItems" at #;"#),
        (#"{"type": "object", "patternProperties": {}}"#, #"found "patternProperties" at #;"#),
        (
            #"{"type": "string", "pattern": "^(a)\\1"}"#,
            #"expected a regular expression that needs no backtracking as "pattern" at #, found the escape \1 at character 4 of "^(a)\1""#
        ),
        (
            #"{"type": "string", "format": "iri"}"#,
            #"expected one of date, date-time, duration, email, hostname, ipv4, ipv6, time, uri, uuid as "format" at #, found "iri""#
        ),
        (
            #"{"type": "number", "multipleOf": 0.1}"#,
            #"expected a whole number from 1 to 10000 as "multipleOf" at #, found the number 0.1"#
        ),
        (
            #"{"type": "integer", "exclusiveMinimum": true}"#,
            #"expected a number of at most 18 digits before the point as "exclusiveMinimum" at #, found true"#
        ),
        (
            #"{"oneOf": [{"type": "integer"}, {"type": "number", "minimum": 3}]}"#,
            #"expected branches that no document fits two of as "oneOf" at #, found that one may fit 0 and 1 (say anyOf, or tell them apart by a required const)"#
        ),
        (
            #"{"enum": [[1], 2], "minItems": 2}"#,
            #"expected nothing beside it of what lies in arrays and objects as "enum" at #, found words that say it"#
        ),
        (
            #"{"type": "string", "pattern": "(a|b)*a(a|b){12}"}"#,
            "constraint: expected a pattern or schema of at most 4096 steps"
        ),
        (#"{"allOf": [{"type": "string"}, {"type": "integer"}]}"#, "found one that none does; loosen it"),
        (#"{"type": "integer", "minimum": 3, "maximum": 2}"#, "found one that none does; loosen it"),
        (#"{"type": "string", "pattern": "^a$", "minLength": 2}"#, "found one that none does; loosen it"),
        (
            ##"{"allOf": [{"$ref": "#"}, {"type": "null"}, {"anyOf": [{"$ref": "#"}, true]}]}"##,
            "expected something before a schema stands in itself"
        ),
    ]) func refusals(_ schema: String, _ sentence: String) {
        let error = #expect(throws: TextLanguageError.self) { try TextLanguage(jsonSchema: Array(schema.utf8)) }
        #expect(error?.description.contains(sentence) == true, "\(schema): \(error?.description ?? "")")
    }
}

import Attention
import AttentionFiles
import Testing

/// Only what fits is written, and whatever fits can be.
@Suite struct ConstrainedTextTests {
    private func generator(_ language: TextLanguage) throws -> TextGenerator {
        var generator = try TextGenerator(path: TextGeneratorTests.folder)
        generator.configuration.newTokenLimit = 40
        try generator.constrain(to: language)
        return generator
    }

    @Test(arguments: ["[0-9]{3}", "(cat|dog)s?", "é{2,3}|東", "The (mat|sun)\\.", "[a-z ]{5,8}\\.", ""])
    func textsMatch(_ pattern: String) throws {
        let language = try TextLanguage(regularExpression: pattern)
        var generator = try generator(language)
        func check() throws {
            for written in try generator.generate("The cat") {
                #expect(language.contains(try #require(written.text)), "\(pattern): \(written.text ?? "")")
                #expect(try #require(generator.constraint).isWhole(written.tokens))
            }
        }
        try check()
        generator.configuration.isSampling = true
        generator.configuration.topK = nil
        generator.configuration.temperature = 3
        for seed in 0..<8 {
            generator.key = RandomKey(seed: UInt64(seed))
            try check()
        }
        generator.configuration.isSampling = false
        (generator.configuration.beamSize, generator.configuration.returnCount) = (3, 1)
        try check()
    }

    /// Hot draws from a small language find all of it.
    @Test func everythingThatFitsComesOut() throws {
        var generator = try generator(TextLanguage(regularExpression: "[ab]{1,2}"))
        generator.configuration.isSampling = true
        generator.configuration.topK = nil
        generator.configuration.temperature = 20
        generator.configuration.returnCount = 200
        let found = Set(try generator.generate("The").compactMap(\.text))
        #expect(found == ["a", "b", "aa", "ab", "ba", "bb"])
    }

    @Test func documentsFitTheirSchema() throws {
        let schema = """
            {"type": "object", "properties": {"name": {"type": "string", "minLength": 1, "maxLength": 3}, "tags":
              {"type": "array", "items": {"enum": ["x", "yé"]}, "maxItems": 2}, "ok": {"type": "boolean"}}, "required": ["name", "ok"]}
            """
        let language = try TextLanguage(jsonSchema: Array(schema.utf8))
        var generator = try generator(language)
        generator.configuration.newTokenLimit = 60
        generator.configuration.isSampling = true
        generator.configuration.topK = nil
        for seed in 0..<12 {
            generator.key = RandomKey(seed: UInt64(seed))
            let written = try generator.generate("!")[0]
            guard try #require(generator.constraint).isWhole(written.tokens) else { continue }
            let text = try #require(written.text)
            #expect(language.contains(text), "\(text)")
            guard case .object(let members) = try JSONParser.parse(Array(text.utf8)) else {
                Issue.record("\(text) is no object")
                continue
            }
            #expect(Set(members.map(\.key)).isSuperset(of: ["name", "ok"]))
        }
    }

    /// Text appears as it is written, also under a constraint.
    @Test func piecesAreTheText() async throws {
        let generator = try generator(TextLanguage(regularExpression: "(The |sun)+é"))
        var pieces = ""
        for try await piece in generator.pieces(behind: "!") { pieces += piece }
        #expect(pieces == (try generator.generate("!")[0].text))
    }
}

import Attention
import Foundation
import Testing

/// What a folder of translations was begun with, and that it goes on with nothing else.
@Suite struct SequenceDistillationTests {
    private static func choice(
        from source: String? = nil, to target: String? = nil, prompt: String? = nil, shortlist: Bool = false
    ) -> TranslatorChoice {
        var choice = TranslatorChoice()
        (choice.source, choice.target, choice.prompt, choice.usesShortlist) = (source, target, prompt, shortlist)
        return choice
    }

    @Test func anotherLanguageIsRefused() throws {
        let path = FileManager.default.temporaryDirectory.path + "/attention-distillation-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: path) }
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let text = path + "/text"
        try Data("the quick fox\n".utf8).write(to: URL(filePath: text))
        let teacher = Translator(folder: try .tiny())
        func run(_ choice: TranslatorChoice) throws -> Bool {
            try SequenceDistillation(
                teacher: teacher, sources: [text], directory: path + "/distillation", choice: choice
            ).run(until: { false })
        }
        #expect(try run(Self.choice(to: "fr")))
        #expect(try run(Self.choice(to: "fr")), "the same goes on")
        for (other, difference) in [
            (Self.choice(to: "de"), "found to de instead of fr;"),
            (Self.choice(from: "en", to: "fr"), "found from en instead of absent;"),
            (Self.choice(to: "fr", prompt: "say"), "found prompt say instead of absent;"),
            (Self.choice(to: "fr", shortlist: true), "found shortlist used instead of absent;"),
            (Self.choice(), "found to absent instead of fr;"),
        ] {
            #expect {
                try run(other)
            } throws: {
                "\($0)".contains(difference)
            }
        }
    }
}

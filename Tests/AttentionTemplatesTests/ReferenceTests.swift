import AttentionFiles
import Foundation
import Testing

@testable import AttentionTemplates

/// Conversations come out as transformers renders them; `scripts/make-chat-fixtures.py` made the cases, and makes others for templates of
/// one's own: ATTENTION_TEMPLATES=FOLDER.
@Suite struct ReferenceTests {
    /// The time that `strftime_now` was given.
    static let now = 1_750_000_000
    static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures").path()
    static let folder = ProcessInfo.processInfo.environment["ATTENTION_TEMPLATES"] ?? fixtures

    struct Case {
        let name: String
        let template: String
        let values: [JSONMember]
        /// nil where the reference refuses.
        let text: String?
    }

    static func cases(in folder: String = folder) throws -> [Case] {
        try String(contentsOfFile: folder + "/cases.jsonl", encoding: .utf8).split(separator: "\n").map { line in
            guard case .object(let members) = try JSONParser.parse(Array(line.utf8)) else {
                throw CocoaError(.coderInvalidValue)
            }
            func member(_ name: String) -> JSONValue? { members.first { $0.key == name }?.value }
            func text(_ name: String) -> String? { if case .string(let text)? = member(name) { text } else { nil } }
            var values = members.filter { ["messages", "tools", "add_generation_prompt"].contains($0.key) }
            values.append(JSONMember("documents", .null))
            if case .object(let more)? = member("values") { values += more }
            if let index = values.firstIndex(where: { $0.key == "messages" }) {
                values[index] = JSONMember("messages", aliased(values[index].value))
            }
            let template = try #require(text("template"))
            return Case(
                name: "\(template) \(try #require(text("conversation")))", template: template, values: values,
                text: text("text"))
        }
    }

    /// What the reference does to messages with a reasoning before it hands them on.
    private static func aliased(_ messages: JSONValue) -> JSONValue {
        guard case .array(let messages) = messages else { return messages }
        return .array(
            messages.map { message in
                guard case .object(let members) = message,
                    let reasoning = members.first(where: { $0.key == "reasoning_content" })
                else { return message }
                return .object([JSONMember("thinking", reasoning.value)] + members)
            })
    }

    @Test func conversationsAreTheReferences() throws {
        var templates: [String: Template] = [:]
        var (count, refusedCount) = (0, 0)
        for example in try Self.cases() {
            let source = try String(contentsOfFile: Self.folder + "/" + example.template, encoding: .utf8)
            let template = try templates[example.template] ?? Template(source)
            templates[example.template] = template
            count += 1
            guard let text = example.text else {
                refusedCount += 1
                #expect(throws: TemplateError.self, "\(example.name)") {
                    try template.render(example.values, now: Self.now)
                }
                continue
            }
            do {
                let found = try template.render(example.values, now: Self.now)
                let isSame = found.utf8.elementsEqual(text.utf8)
                #expect(isSame, "\(example.name): \(Self.difference(found, text))")
            } catch { Issue.record("\(example.name): \(error)") }
        }
        #expect(count > 0 && refusedCount < count)
    }

    private static func difference(_ found: String, _ expected: String) -> String {
        let (found, expected) = (Array(found.unicodeScalars), Array(expected.unicodeScalars))
        let place = zip(found, expected).enumerated().first { $0.element.0 != $0.element.1 }?.offset
        let start = place ?? min(found.count, expected.count)
        func part(_ scalars: [Unicode.Scalar]) -> String {
            String(String.UnicodeScalarView(scalars[max(0, start - 20)..<min(scalars.count, start + 40)]))
                .debugDescription
        }
        return "found \(part(found)), expected \(part(expected))"
    }
}

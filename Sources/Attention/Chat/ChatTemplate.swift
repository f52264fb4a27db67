package import AttentionFiles
package import AttentionTemplates

/// How a model has learned to read conversations: the text that it sees of them, as transformers' `apply_chat_template` makes it.
public struct ChatTemplate: Sendable {
    /// Where it was read, for error sentences.
    public let name: String
    private let template: Template
    /// What every conversation has: the special tokens by their names, such as `bos_token`.
    private let values: [JSONMember]

    package init(_ template: Template, name: String, values: [JSONMember] = []) {
        (self.template, self.name, self.values) = (template, name, values)
    }

    /// The template of a model's folder: that of `tokenizer_config.json`, `chat_template.jinja` or `chat_template.json`.
    /// - Parameter name: which of several; `default` unless given.
    /// - Throws: `ChatError` if there is none, or it cannot be read.
    public init(folder: String, named name: String? = nil) throws {
        let files = try ChatTemplateFiles(folder: folder)
        guard !files.templates.isEmpty else { throw ChatError.noTemplate(folder: folder) }
        let wanted = name ?? "default"
        guard
            let found = files.templates.first(where: { $0.name == wanted }) ?? (name == nil ? files.templates[0] : nil)
        else { throw ChatError.unknownTemplate(wanted, known: files.templates.map(\.name)) }
        self.init(try Self.read(found.source, found.file), name: found.file, values: files.specialTokens)
    }

    /// A template of one's own, for a model's folder, whose special tokens it may name.
    /// - Throws: `FileError` if there is no such file; `ChatError` if it cannot be read.
    public init(file: String, folder: String) throws {
        let source = String(decoding: try FileContents.read(file), as: UTF8.self)
        self.init(
            try Self.read(source, file), name: file, values: try ChatTemplateFiles(folder: folder).specialTokens)
    }

    private static func read(_ source: String, _ file: String) throws(ChatError) -> Template {
        do { return try Template(source) } catch { throw .template(file, reason: "\(error)") }
    }

    /// The text of a conversation, with the beginning of an answer if one is to follow.
    /// - Throws: `ChatError` if the template refuses it.
    public func text(of messages: [ChatMessage], beginningAnswer: Bool = true) throws(ChatError) -> String {
        try text(of: .array(messages.map(\.json)), beginningAnswer: beginningAnswer)
    }

    /// The same of messages as templates read them, with descriptions of functions that may be called.
    package func text(
        of messages: JSONValue, tools: JSONValue = .null, beginningAnswer: Bool, more: [JSONMember] = []
    ) throws(ChatError) -> String {
        let own = [
            JSONMember("messages", messages), JSONMember("tools", tools), JSONMember("documents", .null),
            JSONMember("add_generation_prompt", .bool(beginningAnswer)),
        ]
        do { return try template.render(values + own + more) } catch { throw .template(name, reason: "\(error)") }
    }
}

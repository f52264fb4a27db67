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
        let source = try Self.text(of: try FileContents.read(file), file)
        self.init(
            try Self.read(source, file), name: file, values: try ChatTemplateFiles(folder: folder).specialTokens)
    }

    /// The text of a template's file.
    static func text(of bytes: [UInt8], _ file: String) throws(ChatError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .template(file, reason: "expected UTF-8 text, found other bytes; convert the file to UTF-8")
        }
        return text
    }

    private static func read(_ source: String, _ file: String) throws(ChatError) -> Template {
        do { return try Template(source) } catch { throw .template(file, reason: "\(error)") }
    }

    /// The text of a conversation, with the beginning of an answer if one is to follow.
    /// - Parameter tools: functions that may be called in it.
    /// - Throws: `ChatError` if the template refuses it.
    public func text(
        of messages: [ChatMessage], tools: ChatTools? = nil, beginningAnswer: Bool = true
    ) throws(ChatError) -> String {
        try text(of: messages.map(\.json), tools: tools?.json ?? .null, beginningAnswer)
    }

    /// How calls are written in its conversations.
    /// - Throws: `ChatError` if it knows of none.
    func callForm() throws(ChatError) -> ToolCallForm {
        guard let form = ToolCallForm(template: template.source) else { throw .noTools(name) }
        return form
    }

    /// The text of a conversation in which functions may be called: messages and descriptions of functions as JSON documents, such as
    /// transformers' `apply_chat_template` takes them.
    /// - Throws: `ChatError` if a document is not what it should be, or the template refuses the conversation.
    public func text(
        messages: String, tools: String? = nil, beginningAnswer: Bool = true
    ) throws(ChatError) -> String {
        guard case .array(let items) = try Self.document(messages, "messages") else {
            throw .badFile("messages", reason: "expected an array of messages, found something else")
        }
        var said: [JSONValue] = []
        for item in items { said.append(try Self.normalized(item)) }
        let described = try tools.map { (text) throws(ChatError) in try Self.document(text, "tools") } ?? .null
        return try text(of: said, tools: described, beginningAnswer)
    }

    private func text(
        of messages: [JSONValue], tools: JSONValue, _ beginningAnswer: Bool
    ) throws(ChatError) -> String {
        let own = [
            JSONMember("messages", .array(messages)), JSONMember("tools", tools), JSONMember("documents", .null),
            JSONMember("add_generation_prompt", .bool(beginningAnswer)),
        ]
        do { return try template.render(values + own) } catch { throw .template(name, reason: "\(error)") }
    }

    static func document(_ text: String, _ name: String) throws(ChatError) -> JSONValue {
        do { return try JSONParser.parse(Array(text.utf8)).withoutTables } catch {
            throw .badFile(name, reason: "\(error)")
        }
    }

    /// A message without members that are null, and with what was thought under all names that templates read it by.
    private static func normalized(_ message: JSONValue) throws(ChatError) -> JSONValue {
        guard case .object(let all) = message else {
            throw .badFile("messages", reason: "expected an object for each message, found \(message.summary)")
        }
        var members = all.filter { $0.value != .null }
        let names = ["reasoning_content", "thinking", "reasoning"]
        if let thought = names.lazy.compactMap({ name in members.first { $0.key == name } }).first?.value {
            for name in ["thinking", "reasoning_content"] where !members.contains(where: { $0.key == name }) {
                members.append(JSONMember(name, thought))
            }
        }
        return .object(members)
    }
}

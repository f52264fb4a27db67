import AttentionTemplates

/// Why there can be no conversation.
public enum ChatError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The folder does not say how conversations are written.
    case noTemplate(folder: String)
    /// What says it cannot be read.
    case badFile(String, reason: String)
    /// The template cannot be read, or refuses the conversation.
    case template(String, reason: String)
    /// There is no template of this name.
    case unknownTemplate(String, known: [String])
    /// The template knows of no functions.
    case noTools(String)
    /// Results that do not answer the calls of the last answer.
    case results(calls: Int, found: Int)
    /// The model does not go on with texts, as conversations do.
    case noLanguageModel(folder: String)

    /// A sentence that says what was expected, what was found and the way out.
    public var description: String {
        switch self {
        case .noTemplate(let folder):
            "chat: expected a chat template in \(folder) (chat_template in tokenizer_config.json, chat_template.jinja or chat_template.json), "
                + "found none: the model was not made for conversations; give one with --template, or write with attend generate"
        case .badFile(let file, let reason): "chat: \(file): \(reason)"
        case .template(let name, let reason): "chat: \(name): \(reason)"
        case .unknownTemplate(let name, let known):
            "chat: expected a template among \(known.joined(separator: ", ")), found \(name)"
        case .noTools(let name):
            "chat: expected a template that tells the model of functions in \(name), found one that does not; "
                + "take a model that was made to call them"
        case .results(let calls, let found):
            "chat: expected a result for each of \(calls) calls of the last answer, found \(found); "
                + (calls == 0 ? "ask something first" : "give them in the order of the calls")
        case .noLanguageModel(let folder):
            "chat: expected a model that goes on with texts in \(folder), found an encoder and a decoder; "
                + "write with attend generate"
        }
    }
}

import Attention
import AttentionJSON
import HTTPTypes
import Hummingbird

/// `/v1/chat/completions`: the next answer of a conversation, by the chat template of the model.
struct ChatAnswer: Sendable {
    let host: ModelHost

    func answer(_ request: Incoming) async throws -> Response {
        let fields = try request.fields()
        let model = try await host.generator(try fields.string("model"))
        request.notes.note(model: model.name)
        guard let template = model.template, let tokenizer = model.generator.tokenizer else {
            throw RouteError(
                .malformed,
                "expected a model that was made for conversations, found one that was not; ask /v1/completions",
                parameter: "model")
        }
        let messages = try messages(fields, request.limits)
        let text: String
        do { text = try template.text(of: messages) } catch {
            throw RouteError(
                .malformed, "the chat template of the model refuses this order of roles", parameter: "messages")
        }
        let asked = try await GenerationRequest(
            fields, alternativeCount: try ChatForm.alternativeCount(fields), model.generator, request.limits)
        let prompt = tokenizer.encode(text, addingSpecialTokens: false).ids
        return try await WrittenAnswer<ChatForm>(
            model: model, asked: asked, prompts: [prompt], notes: request.notes
        ).answer()
    }

    private func messages(_ fields: RequestFields, _ limits: ServerLimits) throws(RouteError) -> [ChatMessage] {
        guard case .array(let items)? = fields["messages"], 1...limits.texts ~= items.count else {
            throw .unfit(
                "messages", expected: "an array of 1 to \(limits.texts) messages",
                found: fields["messages"]?.kind ?? "none")
        }
        var messages: [ChatMessage] = []
        for item in items { messages.append(try message(RequestFields(item, of: "messages"))) }
        return messages
    }

    private func message(_ fields: RequestFields) throws(RouteError) -> ChatMessage {
        let content = try content(try fields.needed(fields["content"], "messages.content"))
        switch try fields.string("role") {
        case "system", "developer": return .system(content)
        case "user": return .user(content)
        case "assistant": return .assistant(content)
        default:
            throw .unfit("messages.role", expected: "system, developer, user or assistant", found: "another")
        }
    }

    /// What is said: a string, or parts that are text.
    private func content(_ value: JSONValue) throws(RouteError) -> String {
        switch value {
        case .string(let text): return text
        case .array(let parts):
            var text = ""
            for part in parts {
                let fields = try RequestFields(part, of: "messages.content")
                guard try fields.string("type") == "text" else {
                    throw .unfit("messages.content", expected: "parts of type text", found: "others")
                }
                text += try fields.needed(try fields.string("text"), "messages.content.text")
            }
            return text
        default: throw .unfit("messages.content", expected: "a string or parts of text", found: value.kind)
        }
    }
}

enum ChatForm: WrittenForm {
    static let idPrefix = "chatcmpl-"
    static let objects = (whole: "chat.completion", event: "chat.completion.chunk")

    static func alternativeCount(_ fields: RequestFields) throws(RouteError) -> Int? {
        let count = try fields.integer("top_logprobs", in: 0...20) ?? 0
        if try fields.flag("logprobs") ?? false { return count }
        guard count == 0 else { throw .unfit("logprobs", expected: "true where there is top_logprobs", found: "none") }
        return nil
    }

    static func logProbabilities(_ tokens: [ScoredToken], offset: Int) -> JSONValue {
        let content = tokens.map { token -> JSONValue in
            .object(
                entry(token.text, token.logProbability) + [
                    JSONMember(
                        "top_logprobs", .array(token.alternatives.map { .object(entry($0.text, $0.logProbability)) }))
                ])
        }
        return ["content": .array(content), "refusal": .null]
    }

    /// A part of a character is no text, and its bytes are not told.
    private static func entry(_ text: String, _ logProbability: Float) -> [JSONMember] {
        let isWhole = !text.unicodeScalars.contains("\u{FFFD}")
        return [
            JSONMember("token", .string(text)), JSONMember("logprob", .number(logProbability)),
            JSONMember("bytes", isWhole ? .array(text.utf8.map { .number(Int($0)) }) : .null),
        ]
    }

    static func choice(_ index: Int, _ text: String, logProbabilities: JSONValue, finish: String) -> JSONValue {
        [
            "index": .number(index), "message": ["role": "assistant", "content": .string(text), "refusal": .null],
            "logprobs": logProbabilities, "finish_reason": .string(finish),
        ]
    }

    static func opening(_ index: Int) -> JSONValue? {
        delta(index, ["role": "assistant", "content": ""], .null, nil)
    }

    static func event(_ index: Int, piece: String?, logProbabilities: JSONValue, finish: String?) -> JSONValue {
        delta(index, piece.map { ["content": .string($0)] } ?? .object([]), logProbabilities, finish)
    }

    private static func delta(
        _ index: Int, _ delta: JSONValue, _ logProbabilities: JSONValue, _ finish: String?
    ) -> JSONValue {
        [
            "index": .number(index), "delta": delta, "logprobs": logProbabilities,
            "finish_reason": finish.map { .string($0) } ?? .null,
        ]
    }
}

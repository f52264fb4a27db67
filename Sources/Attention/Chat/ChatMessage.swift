package import AttentionFiles

/// Something said in a conversation.
public struct ChatMessage: Sendable {
    /// Who has said it, as templates call them: `system`, `user`, `assistant`, `tool`.
    public let role: String
    /// What was said.
    public let content: String
    /// The functions that were asked for with it.
    public let calls: [ToolCall]
    /// The call whose result this is; nil if it is none.
    public let answeredCall: ToolCall?

    /// A message.
    public init(role: String, content: String, calls: [ToolCall] = [], answering call: ToolCall? = nil) {
        (self.role, self.content, self.calls, answeredCall) = (role, content, calls, call)
    }

    public static func system(_ content: String) -> ChatMessage { ChatMessage(role: "system", content: content) }
    public static func user(_ content: String) -> ChatMessage { ChatMessage(role: "user", content: content) }
    public static func assistant(_ content: String, calls: [ToolCall] = []) -> ChatMessage {
        ChatMessage(role: "assistant", content: content, calls: calls)
    }
    public static func result(_ content: String, of call: ToolCall) -> ChatMessage {
        ChatMessage(role: "tool", content: content, answering: call)
    }

    /// As templates read it.
    package var json: JSONValue {
        var members = [JSONMember("role", .string(role)), JSONMember("content", .string(content))]
        if !calls.isEmpty { members.append(JSONMember("tool_calls", .array(calls.map(\.json)))) }
        if let answeredCall {
            members.append(JSONMember("name", .string(answeredCall.name)))
            members.append(JSONMember("tool_call_id", .string(answeredCall.id)))
        }
        return .object(members)
    }
}

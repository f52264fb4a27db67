package import AttentionFiles

/// Something said in a conversation.
public struct ChatMessage: Sendable {
    /// Who has said it, as templates call them: `system`, `user`, `assistant`, `tool`.
    public let role: String
    /// What was said.
    public let content: String

    /// A message.
    public init(role: String, content: String) { (self.role, self.content) = (role, content) }

    public static func system(_ content: String) -> ChatMessage { ChatMessage(role: "system", content: content) }
    public static func user(_ content: String) -> ChatMessage { ChatMessage(role: "user", content: content) }
    public static func assistant(_ content: String) -> ChatMessage { ChatMessage(role: "assistant", content: content) }

    /// As templates read it.
    package var json: JSONValue {
        .object([JSONMember("role", .string(role)), JSONMember("content", .string(content))])
    }
}

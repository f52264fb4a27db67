public import AttentionMechanisms
import AttentionModels
import AttentionText

/// A conversation with a language model. What was said is remembered as the model has read it, so that each turn costs no more than what is new
/// in it.
///
/// ```swift
/// var chat = try ChatSession(path: "SmolLM2-135M-Instruct", system: "Be brief.")
/// let answer = try chat.answer(to: "What is a semaphore?") { print($0, terminator: "") }
/// ```
///
/// A value: a copy is the same conversation, which may go on in another way; both share what they had in common. The answer of a turn is that
/// of the whole conversation rendered afresh. A task that is cancelled while an answer is written ends it with `SearchError.cancelled`; the
/// question is then as if it had not been asked.
///
/// A model that was told of `tools` may ask for them: then `openCalls` says which, and `answer(results:)` goes on with what they gave.
public struct ChatSession: Sendable {
    /// What writes, and how: one text, at first as the folder says.
    public var generator: TextGenerator
    /// How conversations are written.
    public let template: ChatTemplate
    /// What has been said.
    public private(set) var messages: [ChatMessage]
    private let tools: (functions: ChatTools, form: ToolCallForm)?
    private var memory: any RememberedText
    /// The conversation as it was read before the last answer, and that answer.
    private var spoken: [Int] = []
    private let fresh: any RememberedText

    /// What the model said.
    public struct Answer: Sendable, Hashable {
        /// The text, up to a stop word.
        public let text: String
        /// The functions that it asks for, in its order.
        public let calls: [ToolCall]
        /// Its tokens, the one that ended it included.
        public let tokens: [Int]
        /// How many tokens the conversation had before it.
        public let promptCount: Int
        /// How many of those had been read before.
        public let rememberedCount: Int
        /// ln P of the answer.
        public let score: Double
    }

    /// Opens a folder.
    /// - Parameters:
    ///   - system: how the model is to be; nil leaves that to the template.
    ///   - template: how conversations are written; nil for the folder's own template.
    ///   - tools: functions that the model may call; nil for none.
    ///   - cache: how the keys and values of what was said are kept.
    /// - Throws: `ChatError` if the folder has no template or no language model, or the template knows of no functions; else as `TextGenerator`.
    public init(
        path: String, system: String? = nil, template: ChatTemplate? = nil, tools: ChatTools? = nil,
        cache: PageFormat = .float32
    ) throws {
        let generator = try TextGenerator(path: path, cache: cache)
        guard let model = generator.model.languageModel else { throw ChatError.noLanguageModel(folder: path) }
        let template = try template ?? ChatTemplate(folder: path)
        self.template = template
        self.tools = try tools.map { (functions: $0, form: try template.callForm()) }
        self.generator = generator
        messages = system.map { [.system($0)] } ?? []
        fresh = model.rememberedText
        memory = fresh
    }

    /// How many tokens the model remembers.
    public var rememberedCount: Int { memory.tokens.count }

    /// Says something, and gives the answer.
    /// - Parameter receive: handed pieces of the answer as soon as they are certain.
    /// - Throws: `ChatError` if the template refuses the conversation; `PretrainedError` if it is too long; `SearchError` if a setting makes no
    ///   sense, or the task is cancelled. The conversation is then as before.
    public mutating func answer(to question: String, _ receive: (String) -> Void = { _ in }) throws -> Answer {
        try answer(behind: [.user(question)], receive)
    }

    /// The functions that the last answer asks for, which have not given anything yet.
    public var openCalls: [ToolCall] { messages.last?.calls ?? [] }

    /// Tells the model what its calls gave, and gives the answer.
    /// - Parameter results: of each of `openCalls`, in their order.
    /// - Throws: `ChatError` if there are not as many; else as for a question.
    public mutating func answer(results: [String], _ receive: (String) -> Void = { _ in }) throws -> Answer {
        let calls = openCalls
        guard !calls.isEmpty, calls.count == results.count else {
            throw ChatError.results(calls: calls.count, found: results.count)
        }
        return try answer(behind: zip(calls, results).map { .result($1, of: $0) }, receive)
    }

    private mutating func answer(behind new: [ChatMessage], _ receive: (String) -> Void) throws -> Answer {
        let asked = messages + new
        let tokens = try tokens(of: asked)
        let remembered = zip(memory.tokens, tokens).prefix { $0 == $1 }.count
        let (written, text) = try withoutActuallyEscaping(receive) { receive in
            try generator.write(behind: tokens, remembering: &memory, receive)
        }
        let (content, calls) = self.calls(of: written.tokens) ?? (text, [])
        messages = asked + [.assistant(content, calls: calls)]
        spoken = tokens + written.tokens
        return Answer(
            text: text, calls: calls, tokens: written.tokens, promptCount: tokens.count,
            rememberedCount: min(remembered, tokens.count - 1), score: written.score)
    }

    /// Forgets all that was said but how the model is to be.
    public mutating func reset() {
        messages = messages.filter { $0.role == "system" }
        memory = fresh
        spoken = []
    }

    /// Notes among the traces of a run where the heads that it asks for look in the conversation and its last answer; nothing before the first.
    /// - Throws: `PretrainedError` if there is no such head.
    public func observe(in run: inout TaskRun) throws {
        guard !run.observing.isEmpty, let decoder = tracedDecoder else { return }
        try decoder.check(run.observing)
        guard !spoken.isEmpty else { return }
        run.traces.append(try decoder.trace(spoken, heads: run.observing))
    }

    /// What reads, with how it is looked into; nil if there are no pieces to be shown.
    private var tracedDecoder: TracedDecoder? {
        guard let model = generator.model.languageModel, let tokenizer = generator.tokenizer else { return nil }
        return TracedDecoder(name: generator.path.lastName, model: model, tokenizer: tokenizer)
    }

    /// What an answer says besides its calls, and these; nil if it has none.
    private func calls(of tokens: [Int]) -> (text: String, calls: [ToolCall])? {
        guard let tools, let tokenizer = generator.tokenizer else { return nil }
        let inner = tokens.filter { !generator.configuration.endTokens.contains($0) }
        let (text, found) = tools.form.calls(in: tokenizer.decode(inner, skippingSpecialTokens: false))
        guard !found.isEmpty else { return nil }
        let before = messages.reduce(0) { $0 + $1.calls.count }
        let calls = found.enumerated().map { index, call in
            let number = String(before + index + 1)
            let id = call.id ?? String(repeating: "0", count: max(0, 9 - number.count)) + number
            return ToolCall(id: id, name: call.name, values: call.values)
        }
        return (text, calls)
    }

    /// What the model reads of a conversation before it answers.
    func tokens(of messages: [ChatMessage]) throws -> [Int] {
        guard let tokenizer = generator.tokenizer else { throw PretrainedError.noTokenizer(folder: template.name) }
        return tokenizer.encode(try template.text(of: messages, tools: tools?.functions), addingSpecialTokens: false)
            .ids
    }
}

import ArgumentParser
import Attention
import AttentionCommand
import AttentionFiles

struct Chat: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Talk with a language model that was made for it.",
        discussion: """
            Each line that you type, or each line of standard input, is said to the model, and its answer appears as it is written. /reset \
            forgets the conversation, /quit ends it. How a conversation is written, the folder's chat template says; what no option says, \
            its generation_config.json. With --json an answer is an object of text, tokens, score, prompt_tokens and cached_tokens (those \
            of the prompt that did not have to be read again). With --tools the model may call functions: for each call in its answer \
            (with --json in tool_calls) the next line is what the function gave. --attention writes at the end \
            where the model looks in the conversation and its last answer: attentions.N for layer N.
            """)

    @Option(help: ArgumentHelp("A folder with config.json, model.safetensors and a tokenizer.", valueName: "dir"))
    var model: String
    @Option(help: ArgumentHelp("How the model is to be.", valueName: "text"))
    var system: String?
    @Option(help: ArgumentHelp("A chat template (Jinja) instead of the folder's own.", valueName: "file"))
    var template: String?
    @Option(
        help: ArgumentHelp(
            "Functions that the model may call, as a JSON array such as transformers' apply_chat_template takes.",
            valueName: "file.json"))
    var tools: String?
    @Flag(help: "Write one JSON object per answer.")
    var json = false
    @OptionGroup(title: "Generation") var generation: GenerationOptions
    @OptionGroup(title: "Form") var form: FormOptions
    @OptionGroup var cache: CacheOptions
    @OptionGroup var attention: AttentionOptions
    @OptionGroup var ablation: AblationOptions
    @OptionGroup var precision: PrecisionOptions
    @OptionGroup var threads: ThreadOptions

    private struct Reply: Encodable {
        let text: String
        let tokens: [Int]
        let score: Double
        let promptTokens: Int
        let cachedTokens: Int
        /// nil where there are no functions.
        let toolCalls: [Call]?

        struct Call: Encodable {
            let name: String
            let arguments: String
        }

        enum CodingKeys: String, CodingKey {
            case text, tokens, score
            case toolCalls = "tool_calls"
            case promptTokens = "prompt_tokens"
            case cachedTokens = "cached_tokens"
        }
    }

    func validate() throws {
        if let count = generation.returnCount, count > 1 {
            throw ValidationError("--return: expected 1, since a conversation goes on with one answer, found \(count)")
        }
    }

    func run() throws {
        threads.apply()
        Interruption.endsLines()
        if let path = attention.attention { try AtomicFile.check(path) }
        var session = try ChatSession(
            path: model, system: system, template: try template.map { try ChatTemplate(file: $0, folder: model) },
            tools: try tools.map { try ChatTools(json: TextFile.text(of: $0)) },
            cache: cache.cache)
        session.generator.configuration = try generation.configured(session.generator.configuration)
        session.generator.key = RandomKey(seed: generation.seed)
        session.generator.stopWords = generation.stop
        try form.apply(to: &session.generator)
        var run = TaskRun(observing: attention.selection)
        try ablation(of: session.generator) {
            // Of nothing said: heads that there are not are refused before the talk, not behind it.
            try session.observe(in: &run)
            try talk(&session)
            try precision { try session.observe(in: &run) }
        }
        try attention.write(run)
    }

    /// A line each, until there are no more.
    private func talk(_ session: inout ChatSession) throws {
        var reader = LineReader.standardInput(byteLimit: 1 << 20)
        var (number, results): (Int, [String]) = (0, [])
        prompt(session)
        while let line = try reader.next() {
            number += 1
            switch line {
            case .line("/quit"): return
            case .line("/reset"):
                session.reset()
                results = []
            case .line(let text) where !session.openCalls.isEmpty:
                results.append(text)
                if results.count == session.openCalls.count {
                    try precision { try answer(&session) { try $0.answer(results: results, $1) } }
                    results = []
                }
            case .line(""): break
            case .line(let text): try precision { try answer(&session) { try $0.answer(to: text, $1) } }
            case .invalid(let reason): throw TextError(place: "standard input, line \(number)", reason: "\(reason)")
            }
            prompt(session, results.count)
        }
        if isInteractive { try Results.print() }
    }

    private var isInteractive: Bool { Terminal.isInputInteractive && Terminal.isInteractive }

    /// Where a person types: the next question, or what a call gave.
    private func prompt(_ session: ChatSession, _ resultCount: Int = 0) {
        guard isInteractive else { return }
        let calls = session.openCalls.dropFirst(resultCount)
        Diagnostics.printPrompt(calls.first.map { "\($0.name) \($0.arguments) = " } ?? "> ")
    }

    private func answer(
        _ session: inout ChatSession, _ turn: (inout ChatSession, (String) -> Void) throws -> ChatSession.Answer
    ) throws {
        var failure: (any Error)?
        let answer = try turn(&session) { piece in
            guard !json else { return }
            do { try Results.print(piece, terminator: "") } catch { failure = error }
        }
        if let failure { throw failure }
        let reply = Reply(
            text: answer.text, tokens: answer.tokens, score: answer.score, promptTokens: answer.promptCount,
            cachedTokens: answer.rememberedCount,
            toolCalls: tools.map { _ in answer.calls.map { Reply.Call(name: $0.name, arguments: $0.arguments) } })
        try Results.print(json ? try JSONEncoding.text(of: reply) : "")
        form.tellCut(answer.tokens, session.generator)
    }
}

extension ChatError: DataFault {}

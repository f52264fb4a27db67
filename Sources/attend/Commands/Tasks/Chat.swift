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
            of the prompt that did not have to be read again).
            """)

    @Option(help: ArgumentHelp("A folder with config.json, model.safetensors and a tokenizer.", valueName: "dir"))
    var model: String
    @Option(help: ArgumentHelp("How the model is to be.", valueName: "text"))
    var system: String?
    @Option(help: ArgumentHelp("A chat template (Jinja) instead of the folder's own.", valueName: "file"))
    var template: String?
    @Flag(help: "Write one JSON object per answer.")
    var json = false
    @OptionGroup(title: "Generation") var generation: GenerationOptions
    @OptionGroup(title: "Form") var form: FormOptions
    @OptionGroup var precision: PrecisionOptions
    @OptionGroup var threads: ThreadOptions

    private struct Reply: Encodable {
        let text: String
        let tokens: [Int]
        let score: Double
        let promptTokens: Int
        let cachedTokens: Int

        enum CodingKeys: String, CodingKey {
            case text, tokens, score
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
        var session = try ChatSession(
            path: model, system: system, template: try template.map { try ChatTemplate(file: $0, folder: model) })
        session.generator.configuration = try generation.configured(session.generator.configuration)
        session.generator.key = RandomKey(seed: generation.seed)
        session.generator.stopWords = generation.stop
        try form.apply(to: &session.generator)
        var reader = LineReader.standardInput(byteLimit: 1 << 20)
        var number = 0
        prompt()
        while let line = try reader.next() {
            number += 1
            switch line {
            case .line("/quit"): return
            case .line("/reset"): session.reset()
            case .line(""): break
            case .line(let text): try precision { try answer(text, &session) }
            case .invalid(let reason): throw TextError(place: "standard input, line \(number)", reason: "\(reason)")
            }
            prompt()
        }
        if isInteractive { try Results.print() }
    }

    private var isInteractive: Bool { Terminal.isInputInteractive && Terminal.isInteractive }

    /// Where a person types.
    private func prompt() { if isInteractive { Diagnostics.printPrompt("> ") } }

    private func answer(_ text: String, _ session: inout ChatSession) throws {
        var failure: (any Error)?
        let answer = try session.answer(to: text) { piece in
            guard !json else { return }
            do { try Results.print(piece, terminator: "") } catch { failure = error }
        }
        if let failure { throw failure }
        let reply = Reply(
            text: answer.text, tokens: answer.tokens, score: answer.score, promptTokens: answer.promptCount,
            cachedTokens: answer.rememberedCount)
        try Results.print(json ? try JSONEncoding.text(of: reply) : "")
        form.tellCut(answer.tokens, session.generator)
    }
}

extension ChatError: DataFault {}

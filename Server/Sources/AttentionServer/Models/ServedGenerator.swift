public import Attention

/// A model that writes, kept open for all requests. Texts that are written beside one another go on together, token by token, each of them
/// beginning and ending when it likes; of prompts that begin as recent ones did only the rest is read.
public struct ServedGenerator: Sendable {
    /// What clients call it.
    public let name: String
    /// What computes.
    public let generator: TextGenerator
    /// How conversations are written; nil if the model was not made for them.
    public let template: ChatTemplate?
    let scheduler: Scheduler<NoKind, GenerationJob, GenerationJob.Result>

    /// Serves a generator under a name.
    /// - Parameter promptBytes: how much of what was read of recent prompts is kept.
    public init(
        _ name: String, _ generator: TextGenerator, template: ChatTemplate? = nil,
        limits: SchedulerSettings = .generation, promptBytes: Int = 256 << 20
    ) {
        let generator = generator.shared(promptBytes: promptBytes)
        (self.name, self.generator, self.template) = (name, generator, template)
        scheduler = Scheduler(limits) { _, jobs in try jobs.map { try $0.write() } }
    }

    /// What is written behind prompts, each text by itself.
    func texts(_ jobs: [GenerationJob], _ notes: RequestNotes) async throws -> [GenerationJob.Result] {
        try await notes.answers(of: scheduler, jobs.map { ($0, $0.prompt.count) }, kind: NoKind())
    }
}

extension SchedulerSettings {
    /// Texts are written beside one another, each on a thread that mostly waits for the others.
    public static var generation: SchedulerSettings {
        var limits = SchedulerSettings()
        (limits.batchRows, limits.batchWait, limits.width, limits.queuedRows) = (1, .zero, 16, 256)
        return limits
    }
}

/// One text that is to be written.
struct GenerationJob: Sendable {
    /// What writes, and how.
    let generator: TextGenerator
    /// What it writes behind.
    let prompt: [Int]
    /// How many of the likeliest tokens are told beside each that is written; nil where nothing is asked of tokens.
    let alternativeCount: Int?
    /// Told of pieces as soon as they are certain; nil where the whole is enough.
    let receive: (@Sendable (ScoredText) -> Void)?

    /// What was written, and what is known of its tokens.
    struct Result: Sendable {
        let written: TextGenerator.Written
        let tokens: [ScoredToken]
    }

    func write() throws -> Result {
        var texts = alternativeCount == nil ? nil : generator.tokenizer.map(TokenTexts.init)
        var tokens: [ScoredToken] = []
        let written = try generator.write(behind: prompt, alternativeCount: alternativeCount ?? 0) { piece in
            let own = piece.tokens.compactMap { texts?.scored($0) }
            tokens += own
            receive?(ScoredText(text: piece.text, tokens: own))
        }
        guard let first = written.first else { throw SchedulerWorkError(expected: 1, found: 0) }
        return Result(written: first, tokens: tokens)
    }
}

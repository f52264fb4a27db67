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
    let scheduler: Scheduler<NoKind, GenerationJob, TextGenerator.Written>

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
    func texts(_ jobs: [GenerationJob], _ notes: RequestNotes) async throws -> [TextGenerator.Written] {
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
    /// Told of pieces as soon as they are certain; nil where the whole is enough.
    let receive: (@Sendable (String) -> Void)?

    func write() throws -> TextGenerator.Written {
        let receive = receive ?? { _ in }
        guard let written = try generator.write(behind: prompt, receive).first else {
            throw SchedulerWorkError(expected: 1, found: 0)
        }
        return written
    }
}

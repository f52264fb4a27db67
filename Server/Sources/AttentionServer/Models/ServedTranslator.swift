public import Attention

/// A translator, kept open for all requests. Texts are rows of one batch that never ends: each joins it at any token of the others, with options of its own,
/// and leaves it when it is done.
public struct ServedTranslator: Sendable {
    /// What clients call it.
    public let name: String
    /// From which language, as clients write it: `en`.
    public let source: String
    /// Into which language.
    public let target: String
    /// What computes.
    public let translator: Translator
    let scheduler: Scheduler<TranslationOptions, String, [Translation]>
    /// Requests to say which words belong together, one by one: the heads that are asked are weighed on all pairs of a request.
    private let aligning: Scheduler<Symmetrization?, [WordPair], [WordAlignment]>

    /// Serves a translator between two languages under a name.
    public init(
        _ name: String, _ translator: Translator, source: String, target: String,
        limits: SchedulerSettings = .translation
    ) {
        let translator = translator.shared()
        (self.name, self.translator, self.source, self.target) = (name, translator, source, target)
        scheduler = Scheduler(limits) { options, texts in try translator.translate(texts, options: options) }
        var single = limits
        (single.batchRows, single.batchWait, single.width) = (1, .zero, 1)
        aligning = Scheduler(single) { symmetrization, requests in
            try requests.map { try AttentionAligner(translator, symmetrization: symmetrization).align($0) }
        }
    }

    /// Translations of each text, best first.
    func translations(
        of texts: [String], _ options: TranslationOptions, _ notes: RequestNotes
    ) async throws -> [[Translation]] {
        try await notes.answers(of: scheduler, texts.map { ($0, Self.cost(of: $0)) }, kind: options)
    }

    /// Which words of each pair belong together.
    func alignments(
        of pairs: [WordPair], _ symmetrization: Symmetrization?, _ notes: RequestNotes
    ) async throws -> [WordAlignment] {
        let cost = pairs.reduce(0) { $0 + 2 * ($1.source.count + $1.target.count) }
        return try await notes.answers(of: aligning, [(pairs, cost)], kind: symmetrization)[0]
    }

    /// About how many tokens a text has: to count them exactly costs more than it is worth here.
    private static func cost(of text: String) -> Int { 1 + text.utf8.count / 4 }
}

extension SchedulerSettings {
    /// Texts are translated beside one another, each on a thread that mostly waits for the others.
    public static var translation: SchedulerSettings {
        var limits = SchedulerSettings()
        (limits.batchRows, limits.batchWait, limits.width, limits.runningTokens) = (1, .zero, 32, 8192)
        return limits
    }
}

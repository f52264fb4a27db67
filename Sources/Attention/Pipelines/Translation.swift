import AttentionFiles
public import AttentionInspection
public import AttentionText

/// One way to say a text in the other language.
public struct Translation: Sendable {
    /// The text that was translated.
    public let source: String
    /// Its translation.
    public let text: String
    /// The natural logarithm of the model's probability of this translation.
    public let logProbability: Double
    /// The logarithm divided by the length penalty: what the search ranks by.
    public let score: Double
    /// Where the model looked, word by word; nil if it was not asked for, or the model has no attention.
    public var alignment: AlignmentMap?
    /// The sentences of the text, in order.
    public internal(set) var sentences: [TranslatedSentence] = []
    /// What was done to the model's answer, in all sentences.
    public internal(set) var guards: Set<TranslationGuard> = []

    /// The translation of nothing.
    public static let empty = Translation(source: "", text: "", logProbability: 0, score: 0, alignment: nil)

    /// The translation as one line of JSON: `source`, `text`, `score`, `logProbability`, `links` in Pharaoh form and `alignment`, the matrix
    /// shown; `sentences` with their places, counted in Unicode scalars; `guards` if the model's answer was not taken as it came.
    public func jsonLine() throws -> String {
        struct Line: Encodable {
            let guards: [String]?
            let sentences: [TranslatedSentence.JSON]
            let source: String
            let text: String
            let score: Double
            let logProbability: Double
            let links: String?
            let alignment: [[Float]]?
            let sourceWords: [String]?
            let targetWords: [String]?
        }
        let matrix = alignment?.chosenMatrix
        let line = Line(
            guards: guards.names, sentences: sentences.map(\.json), source: source, text: text, score: score,
            logProbability: logProbability,
            links: matrix?.hardAlignment().pharaoh, alignment: matrix?.weights, sourceWords: matrix?.source,
            targetWords: matrix?.target)
        return try JSONEncoding.text(of: line)
    }
}

/// How a text is translated.
public struct TranslationOptions: Sendable, Hashable {
    /// Hypotheses the search keeps; nil: as many as the model was tuned for, mostly 5.
    public var beamSize: Int?
    /// Translations returned for each text, best first.
    public var hypothesisCount: Int
    /// The exponent of the length penalty ((5 + length) / 6)^α (Wu et al. 2016, eq. 14); nil: what the model was tuned for.
    public var lengthPenalty: Double?
    /// The weight β of the coverage penalty −β Σ_i ln min(Σ_j α_ij, 1) (Wu et al. 2016, eq. 14), by the head that alignments show; 0 for none,
    /// nil for what the model was tuned for.
    public var coveragePenalty: Double?
    /// How many pieces in a row are never written a second time; nil lets them be.
    public var repetitionBlock: Int?
    /// Whether alignments are returned.
    public var aligns: Bool
    /// What is translated at once.
    public var splitting = TextSplitting.sentences
    /// The language of the source, by whose rules sentences are told apart.
    public var language = SentenceLanguage.english
    /// How certain words must be said; nil: as the model says them.
    public var glossary: Glossary?
    /// Whether answers are looked over: see `TranslationGuard`.
    public var isGuarded = true

    /// The defaults are those of the command line.
    public init(beamSize: Int? = nil, hypothesisCount: Int = 1, lengthPenalty: Double? = nil, aligns: Bool = true) {
        self.beamSize = beamSize
        self.hypothesisCount = hypothesisCount
        self.lengthPenalty = lengthPenalty
        self.aligns = aligns
    }
}

/// What of a text is translated at once.
public enum TextSplitting: String, Sendable, Codable, CaseIterable {
    /// Each sentence by itself; what lies between is kept.
    case sentences
    /// The whole text as if it were one sentence.
    case none
}

/// A text that cannot be translated.
public enum TranslationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The text has more pieces than are translated at once.
    case tooLong(pieces: Int, limit: Int)
    /// The text could not be read.
    case unreadable(String)
    /// There is nothing to draw.
    case noAlignment

    /// The whole sentence.
    public var description: String {
        switch self {
        case .tooLong(let pieces, let limit):
            "translate: expected a sentence of at most \(limit) pieces, found \(pieces); let it be split"
        case .unreadable(let reason): "translate: expected a line of text, but \(reason)"
        case .noAlignment:
            "translate: expected a model with attention and a text that is not empty, found nothing to draw"
        }
    }
}

public import AttentionInspection

/// A sentence of a text and its translation.
public struct TranslatedSentence: Sendable {
    /// The sentence.
    public let source: String
    /// Its translation.
    public let text: String
    /// Where it stands in the text, in Unicode scalars.
    public let sourceRange: Range<Int>
    /// Where its translation stands in the translated text, in Unicode scalars.
    public let targetRange: Range<Int>
    /// The natural logarithm of the model's probability of this translation.
    public let logProbability: Double
    /// What the search ranks by.
    public let score: Double
    /// Where the model looked; nil if it was not asked for, or the model was not asked.
    public let alignment: AlignmentMap?
    /// What was done to the model's answer.
    public let guards: Set<TranslationGuard>

    /// As it stands in JSON lines.
    struct JSON: Encodable {
        let guards: [String]?
        let links: String?
        let score: Double
        let source: String
        let sourceRange: [Int]
        let targetRange: [Int]
        let text: String
    }

    var json: JSON {
        JSON(
            guards: guards.names, links: alignment?.chosenMatrix.hardAlignment().pharaoh, score: score, source: source,
            sourceRange: [sourceRange.lowerBound, sourceRange.upperBound],
            targetRange: [targetRange.lowerBound, targetRange.upperBound], text: text)
    }
}

/// What was done when the model's best answer could not be taken as it came.
public enum TranslationGuard: String, Sendable, Codable, CaseIterable {
    /// Another hypothesis of the beam was taken: the best lost an address or a number, went round in circles, or was far too long or short.
    case reranked
    /// What must not be translated was replaced by placeholders for the model and put back.
    case shielded
    /// What must not be translated was put where the model looked at it.
    case carriedOver
    /// The sentence is longer than the model reads at once and was cut at clauses.
    case cut
    /// The text is no language, such as a word of thousands of letters, and was left as it is.
    case untranslated
    /// A term of the glossary was written where the model had said it otherwise.
    case glossary
    /// No hypothesis was free of the faults that were looked for; the best of them was taken.
    case doubtful
}

extension Set<TranslationGuard> {
    /// In the order of the cases; nil if there are none.
    var names: [String]? { isEmpty ? nil : TranslationGuard.allCases.filter(contains).map(\.rawValue) }
}

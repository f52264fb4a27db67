package import AttentionFiles

/// Cuts at punctuation.
package struct Punctuation: PreTokenizer {
    package static let name = "Punctuation"

    private let behavior: SplitBehavior

    /// Each mark a segment of its own.
    package init() { behavior = .isolated }

    package init(_ fields: StageFields) throws(TokenizerError) {
        behavior = try SplitBehavior(fields, "behavior", default: "Isolated")
    }

    package var members: [JSONMember] {
        [JSONMember("behavior", .string(behavior.rawValue))]
    }

    package func split(_ segment: Segment) -> [Segment] {
        behavior.split(segment) { $0.isPunctuation }
    }
}

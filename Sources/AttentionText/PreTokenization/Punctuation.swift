/// Cuts at punctuation.
package struct Punctuation: PreTokenizer {
    package static let name = "Punctuation"

    private let behavior: SplitBehavior

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

package import AttentionFiles

/// Cuts between numbers and the rest, or around every digit.
package struct Digits: PreTokenizer {
    package static let name = "Digits"

    private let individually: Bool

    package init(individually: Bool) { self.individually = individually }

    package init(_ fields: StageFields) throws(TokenizerError) {
        individually = try fields.bool("individual_digits")
    }

    package var members: [JSONMember] {
        [JSONMember("individual_digits", .bool(individually))]
    }

    package func split(_ segment: Segment) -> [Segment] {
        (individually ? SplitBehavior.isolated : .contiguous).split(segment) { $0.isNumber }
    }
}

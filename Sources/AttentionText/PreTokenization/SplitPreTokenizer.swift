package import AttentionFiles

/// Cuts wherever a given text stands, or a regular expression matches.
package struct SplitPreTokenizer: PreTokenizer {
    package static let name = "Split"

    private let pattern: TextPattern
    private let behavior: SplitBehavior
    /// The delimiters are what stands between two occurrences, instead of the occurrences.
    private let isInverted: Bool

    package init(_ fields: StageFields) throws(TokenizerError) {
        pattern = try fields.pattern("pattern")
        behavior = try SplitBehavior(fields, "behavior")
        isInverted = try fields.bool("invert")
    }

    package var members: [JSONMember] {
        [
            JSONMember("pattern", pattern.json),
            JSONMember("behavior", .string(behavior.rawValue)), JSONMember("invert", .bool(isInverted)),
        ]
    }

    package func cutsBeforeSpaces(writtenAs space: Unicode.Scalar) -> Bool {
        guard case .expression(let expression) = pattern, behavior == .isolated || behavior == .removed else {
            return false
        }
        return space == " " && !isInverted && expression.endsBeforeSpaces
    }

    package func split(_ segment: Segment) -> [Segment] {
        behavior.split(segment, at: pattern, isInverted: isInverted)
    }
}

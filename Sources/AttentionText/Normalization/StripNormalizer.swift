package import AttentionFiles

/// Leaves out white space at the ends.
package struct StripNormalizer: Normalizer {
    package static let name = "Strip"

    private let left: Bool
    private let right: Bool

    private init(left: Bool, right: Bool) {
        self.left = left
        self.right = right
    }

    package init(_ fields: StageFields) throws(TokenizerError) {
        left = try fields.bool("strip_left")
        right = try fields.bool("strip_right")
    }

    package var members: [JSONMember] {
        [JSONMember("strip_left", .bool(left)), JSONMember("strip_right", .bool(right))]
    }

    package var isLocal: Bool { true }

    package func part(isFirst: Bool, isLast: Bool) -> any Normalizer {
        StripNormalizer(left: left && isFirst, right: right && isLast)
    }

    package func normalize(_ text: AlignedText) -> AlignedText {
        var kept = text[...]
        if left { kept = kept.drop { $0.scalar.isWhiteSpace } }
        if right, let last = kept.lastIndex(where: { !$0.scalar.isWhiteSpace }) {
            kept = kept[...last]
        } else if right {
            kept = []
        }
        return Array(kept)
    }
}

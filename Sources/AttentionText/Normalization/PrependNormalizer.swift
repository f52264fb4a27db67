package import AttentionFiles

/// Puts a text before any text that is not empty.
package struct PrependNormalizer: Normalizer {
    package static let name = "Prepend"

    private let prefix: [Unicode.Scalar]

    package init(_ fields: StageFields) throws(TokenizerError) {
        prefix = Array(try fields.string("prepend").unicodeScalars)
    }

    package var members: [JSONMember] {
        [JSONMember("prepend", .string(prefix.string))]
    }

    package var isLocal: Bool { true }

    package func part(isFirst: Bool, isLast: Bool) -> any Normalizer { isFirst ? self : NormalizerSequence([]) }

    package func normalize(_ text: AlignedText) -> AlignedText {
        guard let first = text.first else { return text }
        return prefix.map(first.replaced) + text
    }
}

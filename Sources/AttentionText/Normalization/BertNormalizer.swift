package import AttentionFiles

/// BERT's clean-up: control characters out, every white space a space, Chinese characters set apart, accents and case
/// removed; each step if its field says so.
package struct BertNormalizer: Normalizer {
    package static let name = "BertNormalizer"

    private let cleansText: Bool
    private let separatesChinese: Bool
    /// `nil`: as `lowercases` says.
    private let stripsAccents: Bool?
    private let lowercases: Bool

    package init(_ fields: StageFields) throws(TokenizerError) {
        cleansText = try fields.bool("clean_text")
        separatesChinese = try fields.bool("handle_chinese_chars")
        stripsAccents = try fields.optionalBool("strip_accents")
        lowercases = try fields.bool("lowercase")
    }

    package var members: [JSONMember] {
        [
            JSONMember("clean_text", .bool(cleansText)), JSONMember("handle_chinese_chars", .bool(separatesChinese)),
            JSONMember("strip_accents", stripsAccents.map(JSONValue.bool) ?? .null),
            JSONMember("lowercase", .bool(lowercases)),
        ]
    }

    package var isLocal: Bool { true }

    package func normalize(_ text: AlignedText) -> AlignedText {
        var text = text
        if cleansText { text = cleaned(text) }
        if separatesChinese {
            text = text.flatMap { element in
                element.scalar.isChinese
                    ? [element.replaced(by: " "), element, element.replaced(by: " ")] : [element]
            }
        }
        if stripsAccents ?? lowercases {
            text = UnicodeNormalization.decomposed(text, by: .canonical)
                .filter { !$0.scalar.isNonspacingMark }
        }
        return lowercases ? Lowercase().normalize(text) : text
    }

    private func cleaned(_ text: AlignedText) -> AlignedText {
        text.compactMap { element in
            switch element.scalar {
            case "\t", "\n", "\r": element.replaced(by: " ")
            case "\u{FFFD}": nil
            case let scalar where scalar.isControlOrFormat: nil
            case let scalar where scalar.isWhiteSpace: element.replaced(by: " ")
            default: element
            }
        }
    }
}

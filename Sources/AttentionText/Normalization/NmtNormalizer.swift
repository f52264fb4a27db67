/// The clean-up of Google's translators: control characters out, other characters that are like white space a space.
///
/// Source: the rules nmt_nfkc of SentencePiece.
package struct NmtNormalizer: Normalizer {
    package static let name = "Nmt"

    package init(_ fields: StageFields) {}

    package var isLocal: Bool { true }

    package func normalize(_ text: AlignedText) -> AlignedText {
        text.compactMap { element in
            switch element.scalar.value {
            case 0x01...0x08, 0x0B, 0x0E...0x1F, 0x7F, 0x8F, 0x9F: nil
            case 0x09, 0x0A, 0x0C, 0x0D, 0x1680, 0x200B...0x200F, 0x2028, 0x2029, 0x2581, 0xFEFF, 0xFFFD:
                element.replaced(by: " ")
            default: element
            }
        }
    }
}

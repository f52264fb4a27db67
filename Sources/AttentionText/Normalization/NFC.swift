/// Unicode Normalization Form C: canonical decomposition, then canonical composition.
package struct NFC: Normalizer {
    package static let name = "NFC"

    package init() {}

    package init(_ fields: StageFields) {}

    package var isLocal: Bool { true }

    package func normalize(_ text: AlignedText) -> AlignedText {
        UnicodeNormalization.composed(text, by: .canonical)
    }
}

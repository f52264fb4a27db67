/// Unicode Normalization Form KC: compatibility decomposition, then canonical composition.
package struct NFKC: Normalizer {
    package static let name = "NFKC"

    package init() {}

    package init(_ fields: StageFields) {}

    package var isLocal: Bool { true }

    package func normalize(_ text: AlignedText) -> AlignedText {
        UnicodeNormalization.composed(text, by: .compatibility)
    }
}

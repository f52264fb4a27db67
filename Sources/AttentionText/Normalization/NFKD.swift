/// Unicode Normalization Form KD: compatibility decomposition.
package struct NFKD: Normalizer {
    package static let name = "NFKD"

    package init() {}

    package init(_ fields: StageFields) {}

    package var isLocal: Bool { true }

    package func normalize(_ text: AlignedText) -> AlignedText {
        UnicodeNormalization.decomposed(text, by: .compatibility)
    }
}

/// Unicode Normalization Form D: canonical decomposition.
package struct NFD: Normalizer {
    package static let name = "NFD"

    package init() {}

    package init(_ fields: StageFields) {}

    package var isLocal: Bool { true }

    package func normalize(_ text: AlignedText) -> AlignedText {
        UnicodeNormalization.decomposed(text, by: .canonical)
    }
}

/// Leaves out combining marks (general category M); comes after a decomposition.
package struct StripAccents: Normalizer {
    package static let name = "StripAccents"

    package init(_ fields: StageFields) {}

    package var isLocal: Bool { true }

    package func normalize(_ text: AlignedText) -> AlignedText {
        text.filter { !$0.scalar.isMark }
    }
}

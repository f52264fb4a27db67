/// Writes every byte of UTF-8 as one character, before text is cut.
package struct ByteLevelNormalizer: Normalizer {
    package static let name = "ByteLevel"

    package init(_ fields: StageFields) {}

    package func normalize(_ text: AlignedText) -> AlignedText {
        Self.bytes(of: text[...])
    }

    /// The text byte by byte, in the characters of `ByteAlphabet`.
    static func bytes(of text: ArraySlice<AlignedScalar>) -> AlignedText {
        var bytes: AlignedText = []
        bytes.reserveCapacity(2 * text.count)
        for element in text {
            if element.scalar.isASCII {
                bytes.append(element.replaced(by: ByteAlphabet.scalars[Int(element.scalar.value)]))
            } else {
                for byte in element.scalar.utf8 { bytes.append(element.replaced(by: ByteAlphabet.scalars[Int(byte)])) }
            }
        }
        return bytes
    }
}

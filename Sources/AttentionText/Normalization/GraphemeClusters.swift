/// Text in the characters that readers see.
enum GraphemeClusters {
    /// Calls `body` with each cluster of `text`.
    static func forEach(in text: AlignedText, _ body: (ArraySlice<AlignedScalar>) -> Void) {
        var index = 0
        while index < text.count {
            if stands(index, aloneIn: text) {
                body(text[index..<index + 1])
                index += 1
                continue
            }
            var end = index + 1
            while end < text.count, !stands(end, aloneIn: text) { end += 1 }
            for character in text[index..<end].string {
                let count = character.unicodeScalars.count
                body(text[index..<index + count])
                index += count
            }
        }
    }

    /// Whether the scalar is a cluster by itself, as far as that can be seen at once: nothing below U+0300 joins its
    /// neighbours, but for a line feed after a carriage return.
    private static func stands(_ index: Int, aloneIn text: AlignedText) -> Bool {
        isPlain(text[index].scalar) && (index + 1 == text.count || isPlain(text[index + 1].scalar))
            && (index == 0 || isPlain(text[index - 1].scalar))
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x300 && scalar != "\r"
    }
}

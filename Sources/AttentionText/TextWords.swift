/// The words of a text, as white space parts them.
package struct TextWords {
    /// The words.
    package private(set) var texts: [String] = []
    /// The first scalar after each word.
    private var ends: [Int32] = []

    /// The words of a text.
    package init(_ text: String) {
        var word = String.UnicodeScalarView()
        var position: Int32 = 0
        for scalar in text.unicodeScalars {
            if !scalar.isWhiteSpace {
                word.append(scalar)
            } else if !word.isEmpty {
                texts.append(String(word))
                ends.append(position)
                word = String.UnicodeScalarView()
            }
            position += 1
        }
        if !word.isEmpty {
            texts.append(String(word))
            ends.append(position)
        }
    }

    /// The word at each of `positions`, which mostly ascend. White space belongs to the word after it, at the end to the
    /// word before it; without words there is none.
    ///
    /// Complexity: linear where the positions ascend.
    package func words(at positions: [Int32]) -> [Int?] {
        var word = 0
        return positions.map { position in
            while word > 0, word <= ends.count, ends[word - 1] > position { word -= 1 }
            while word < ends.count, ends[word] <= position { word += 1 }
            return ends.isEmpty ? nil : min(word, ends.count - 1)
        }
    }
}

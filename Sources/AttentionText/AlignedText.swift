/// A Unicode scalar on its way from the text to the model, and the word of the original text it stems from.
package struct AlignedScalar: Sendable {
    package let scalar: Unicode.Scalar
    /// Position among the words of the original text, −1 if that has none.
    package let word: Int32

    /// Another scalar in the place of this one.
    func replaced(by scalar: Unicode.Scalar) -> AlignedScalar {
        AlignedScalar(scalar: scalar, word: word)
    }
}

/// Text that remembers, scalar by scalar, which word of the original it stems from.
package typealias AlignedText = [AlignedScalar]

extension AlignedText {
    /// Splits `text` at white space. White space belongs to the word after it, at the end to the word before it.
    init(_ text: String, words: inout [String]) {
        self = []
        reserveCapacity(text.utf8.count)
        var word = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar.isWhiteSpace {
                if !word.isEmpty { words.append(String(word)) }
                word = String.UnicodeScalarView()
            } else {
                word.append(scalar)
            }
            append(AlignedScalar(scalar: scalar, word: Int32(words.count)))
        }
        if !word.isEmpty { words.append(String(word)) }
        let last = Int32(words.count) - 1
        var index = endIndex
        while index > 0, self[index - 1].word > last {
            index -= 1
            self[index] = AlignedScalar(scalar: self[index].scalar, word: last)
        }
    }

    /// Text that stems from nowhere, for tests and for pieces of the configuration.
    package init(_ text: String) {
        self = text.unicodeScalars.map { AlignedScalar(scalar: $0, word: -1) }
    }

    /// The text alone.
    package var string: String { self[...].string }
}

extension ArraySlice<AlignedScalar> {
    package var string: String {
        var scalars = String.UnicodeScalarView()
        scalars.append(contentsOf: lazy.map(\.scalar))
        return String(scalars)
    }

    /// The text in UTF-8.
    var utf8: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(2 * count)
        for element in self {
            bytes.append(contentsOf: element.scalar.utf8)
        }
        return bytes
    }

    func starts(with pattern: [Unicode.Scalar]) -> Bool {
        count >= pattern.count && zip(self, pattern).allSatisfy { $0.scalar == $1 }
    }
}

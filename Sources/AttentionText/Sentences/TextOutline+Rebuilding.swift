extension TextOutline {
    /// A text whose sentences were replaced.
    public struct Rebuilt: Sendable, Equatable {
        /// The text with everything else as it was.
        public let text: String
        /// Where the sentences are now, as ranges of its Unicode scalars.
        public let sentences: [Range<Int>]
    }

    /// The text with each sentence replaced; filled paragraphs are filled again to the width they had.
    /// - Precondition: as many replacements as sentences.
    /// - Complexity: linear.
    public func rebuilt(with replacements: [String]) -> Rebuilt {
        precondition(
            replacements.count == sentences.count,
            "rebuilt: expected \(sentences.count) sentences, found \(replacements.count)")
        var result: [Unicode.Scalar] = []
        var places: [Range<Int>] = []
        var filled = paragraphs[...]
        var done = 0
        var position = 0
        while position < sentences.count {
            result += text[done..<sentences[position].lowerBound]
            if let paragraph = filled.first, paragraph.sentences.lowerBound == position {
                fill(paragraph, with: replacements, into: &result, &places)
                position = paragraph.sentences.upperBound
                filled = filled.dropFirst()
            } else {
                let start = result.count
                result += replacements[position].unicodeScalars
                places.append(start..<result.count)
                position += 1
            }
            done = sentences[position - 1].upperBound
        }
        result += text[done...]
        return Rebuilt(text: result.string, sentences: places)
    }

    /// Words one after the other, on a new line whenever the next does not fit.
    private func fill(
        _ paragraph: FilledParagraph, with replacements: [String], into result: inout [Unicode.Scalar],
        _ places: inout [Range<Int>]
    ) {
        var column = result.count - (result.lastIndex(of: "\n") ?? -1) - 1
        for position in paragraph.sentences {
            var gap = position == paragraph.sentences.lowerBound ? 0 : gapLength(before: position)
            let words = replacements[position].unicodeScalars.split(separator: " ")
            var start: Int?
            for word in words {
                if gap > 0, column + gap + word.count > paragraph.width {
                    result += paragraph.lineBreak
                    column = paragraph.indentation
                } else {
                    result += [Unicode.Scalar](repeating: " ", count: gap)
                    column += gap
                }
                if start == nil { start = result.count }
                result += word
                column += word.count
                gap = 1
            }
            places.append((start ?? result.count)..<result.count)
        }
    }

    /// The spaces between this sentence and the one before; one if a line ends there.
    private func gapLength(before position: Int) -> Int {
        let gap = text[sentences[position - 1].upperBound..<sentences[position].lowerBound]
        return gap.allSatisfy { $0 == " " } ? gap.count : 1
    }
}

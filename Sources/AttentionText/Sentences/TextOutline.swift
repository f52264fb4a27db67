/// A text as paragraphs of sentences, with all that lies between: white space, blank lines, indentation, the marks of lists.
///
/// Sentences do not run on from one line to the next, unless the lines are those of a filled paragraph: each ends because the next word
/// did not fit, and some sentence runs across an end. Such a paragraph is read as one, and filled again when it is rebuilt.
public struct TextOutline: Sendable {
    /// The sentences in order, as ranges of the text's Unicode scalars.
    public let sentences: [Range<Int>]
    /// Whether sentences have been cut.
    public let isCut: Bool
    let text: [Unicode.Scalar]
    /// The filled paragraphs.
    let paragraphs: [FilledParagraph]

    /// The outline of a text.
    /// - Complexity: linear.
    public init(of text: String, splitter: SentenceSplitter = SentenceSplitter()) {
        let scalars = Array(text.unicodeScalars)
        var sentences: [Range<Int>] = []
        var paragraphs: [FilledParagraph] = []
        for block in TextBlocks(of: scalars).blocks {
            let first = sentences.count
            switch block {
            case .line(let content): sentences += splitter.sentences(in: scalars[content])
            case .filled(let content, let width, let indentation):
                sentences += splitter.sentences(in: scalars[content])
                if sentences.count > first {
                    let isPair = scalars[..<indentation.lowerBound].suffix(2) == ["\r", "\n"]
                    let lineBreak = scalars[indentation.lowerBound - (isPair ? 2 : 1)..<indentation.upperBound]
                    paragraphs.append(
                        FilledParagraph(
                            sentences: first..<sentences.count, width: width, lineBreak: Array(lineBreak),
                            indentation: indentation.count))
                }
            }
        }
        (self.text, self.sentences, self.paragraphs, isCut) = (scalars, sentences, paragraphs, false)
    }

    /// The whole text as one sentence, with the white space around it aside; none if it is blank.
    public init(unsplit text: String) {
        let scalars = Array(text.unicodeScalars)
        let start = scalars[...].skippingSpace(from: 0)
        let content = start..<scalars[...].endOfInk(after: start)
        (self.text, sentences, paragraphs, isCut) = (scalars, content.isEmpty ? [] : [content], [], false)
    }

    /// The sentence at this position.
    public func sentence(_ position: Int) -> String { Array(text[sentences[position]]).string }
}

/// A paragraph whose lines are filled up to a width.
struct FilledParagraph: Sendable {
    /// Positions among the sentences of the text.
    let sentences: Range<Int>
    /// The length of the longest line.
    let width: Int
    /// What ends its first line and begins its second.
    let lineBreak: [Unicode.Scalar]
    /// How much of that is indentation.
    let indentation: Int
}

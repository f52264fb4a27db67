extension TextOutline {
    /// The outline with each sentence cut into parts, which are then its sentences.
    ///
    /// - Parameter parts: the parts of a sentence as ranges of its Unicode scalars, in order, with nothing but white space between them.
    public func cutting(_ parts: (String) -> [Range<Int>]) -> TextOutline {
        var sentences: [Range<Int>] = []
        var starts: [Int] = []
        for (position, range) in self.sentences.enumerated() {
            starts.append(sentences.count)
            sentences += parts(sentence(position)).map {
                range.lowerBound + $0.lowerBound..<range.lowerBound + $0.upperBound
            }
        }
        starts.append(sentences.count)
        let paragraphs = paragraphs.map { paragraph in
            FilledParagraph(
                sentences: starts[paragraph.sentences.lowerBound]..<starts[paragraph.sentences.upperBound],
                width: paragraph.width, lineBreak: paragraph.lineBreak, indentation: paragraph.indentation)
        }
        return TextOutline(
            text: text, sentences: sentences, paragraphs: paragraphs, isCut: sentences.count > self.sentences.count)
    }

    private init(text: [Unicode.Scalar], sentences: [Range<Int>], paragraphs: [FilledParagraph], isCut: Bool) {
        (self.text, self.sentences, self.paragraphs, self.isCut) = (text, sentences, paragraphs, isCut)
    }
}

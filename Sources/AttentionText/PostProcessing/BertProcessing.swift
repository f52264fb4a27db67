package import AttentionFiles

/// `[CLS]` before the text and `[SEP]` after it, and after its pair.
package struct BertProcessing: PostProcessor {
    package static let name = "BertProcessing"

    private let separator: SpecialPiece
    private let classifier: SpecialPiece

    init(classifier: SpecialPiece, separator: SpecialPiece) {
        self.classifier = classifier
        self.separator = separator
    }

    package init(_ fields: StageFields) throws(TokenizerError) {
        separator = try SpecialPiece(fields, "sep")
        classifier = try SpecialPiece(fields, "cls")
    }

    package var members: [JSONMember] {
        [JSONMember("sep", separator.json), JSONMember("cls", classifier.json)]
    }

    package func process(_ parts: [TokenSequence], addingSpecialTokens: Bool) -> [TokenSequence] {
        guard addingSpecialTokens else { return parts }
        return parts.enumerated().map { index, part in
            var part = part
            part.changeTokens { tokens in
                if index == 0 { tokens.insert(classifier.token(type: 0), at: 0) }
                tokens.append(separator.token(type: index == 0 ? 0 : 1))
            }
            return part
        }
    }

    package var spellings: [Int: String] { [separator.id: separator.piece, classifier.id: classifier.piece] }

    package var frame: TextFrame? {
        TextFrame(before: [classifier.token(type: 0)], after: [separator.token(type: 0)])
    }

    package func addedCount(isPair: Bool) -> Int { isPair ? 3 : 2 }
}

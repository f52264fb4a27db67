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
            part.mapTokens { tokens in
                let isFirst = index == 0
                return (isFirst ? [classifier.token(type: 0)] : []) + tokens + [separator.token(type: isFirst ? 0 : 1)]
            }
        }
    }

    package func addedCount(isPair: Bool) -> Int { isPair ? 3 : 2 }
}

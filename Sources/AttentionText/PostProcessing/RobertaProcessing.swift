package import AttentionFiles

/// `<s>` before the text and `</s>` after it; its pair between two more `</s>`. All are of one type.
package struct RobertaProcessing: PostProcessor {
    package static let name = "RobertaProcessing"

    private let separator: SpecialPiece
    private let classifier: SpecialPiece
    private let trimsOffsets: Bool
    private let addsPrefixSpace: Bool

    init(classifier: SpecialPiece, separator: SpecialPiece, addsPrefixSpace: Bool) {
        self.classifier = classifier
        self.separator = separator
        self.addsPrefixSpace = addsPrefixSpace
        trimsOffsets = true
    }

    package init(_ fields: StageFields) throws(TokenizerError) {
        separator = try SpecialPiece(fields, "sep")
        classifier = try SpecialPiece(fields, "cls")
        trimsOffsets = try fields.bool("trim_offsets", default: true)
        addsPrefixSpace = try fields.bool("add_prefix_space", default: true)
    }

    package var members: [JSONMember] {
        [
            JSONMember("sep", separator.json), JSONMember("cls", classifier.json),
            JSONMember("trim_offsets", .bool(trimsOffsets)), JSONMember("add_prefix_space", .bool(addsPrefixSpace)),
        ]
    }

    package func process(_ parts: [TokenSequence], addingSpecialTokens: Bool) -> [TokenSequence] {
        parts.enumerated().map { index, part in
            var part = part
            if trimsOffsets { part.changeTokens { $0.trimOffsets(addsPrefixSpace: addsPrefixSpace) } }
            part.tokens.setType(0)
            guard addingSpecialTokens else { return part }
            part.changeTokens { tokens in
                tokens.insert((index == 0 ? classifier : separator).token(type: 0), at: 0)
                tokens.append(separator.token(type: 0))
            }
            return part
        }
    }

    package var spellings: [Int: String] { [separator.id: separator.piece, classifier.id: classifier.piece] }

    package var frame: TextFrame? {
        TextFrame(
            before: [classifier.token(type: 0)], after: [separator.token(type: 0)],
            trimming: trimsOffsets ? addsPrefixSpace : nil)
    }

    package func addedCount(isPair: Bool) -> Int { isPair ? 4 : 2 }
}

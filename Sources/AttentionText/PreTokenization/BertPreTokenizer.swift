/// What stands between white space, with every punctuation mark on its own.
package struct BertPreTokenizer: PreTokenizer {
    package static let name = "BertPreTokenizer"

    package init(_ fields: StageFields) {}

    package func cutsBeforeSpaces(writtenAs space: Unicode.Scalar) -> Bool { space == " " }

    package func split(_ segment: Segment) -> [Segment] {
        SplitBehavior.removed.split(segment) { $0.isWhiteSpace }.flatMap { word in
            SplitBehavior.isolated.split(word) { $0.isPunctuation }
        }
    }
}

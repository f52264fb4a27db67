/// What can be wrong with an alignment that comes from outside. Every description is a sentence naming the operation,
/// what was expected, what was found and, if there is one, the way out.
public enum AlignmentError: Error, Equatable {
    /// A map without a single layer or head: there is nothing to look at.
    case noHeads
    /// A list has another length than the one it must agree with; `list` names it.
    case count(operation: String, list: String, expected: Int, found: Int)
    /// A row of weights has not one weight per source token.
    case raggedRow(layer: Int, head: Int, target: Int, expected: Int, found: Int)
    /// A weight is negative, infinite or not a number.
    case badWeight(layer: Int, head: Int, target: Int, source: Int, value: Float)
    /// A head was asked for that the map does not have.
    case noSuchHead(HeadIndex, layerCount: Int, headCount: Int)
    /// A subword belongs to a word that does not exist.
    case noSuchWord(side: String, subword: Int, word: Int, wordCount: Int)
    /// Attention rollout needs self-attention: as many sources as targets.
    case notSquare(operation: String, targetCount: Int, sourceCount: Int)
    /// A link in Pharaoh form is not two word indices joined by a hyphen; `firstIndex` is where counting starts.
    case badLink(String, position: Int, firstIndex: Int)
}

extension AlignmentError: CustomStringConvertible {
    /// The sentence.
    public var description: String {
        switch self {
        case .noHeads:
            "alignment map: expected weights of at least one layer with at least one head, found none"
        case .count(let operation, let list, let expected, let found):
            "\(operation): expected \(expected) \(list), found \(found)"
        case .raggedRow(let layer, let head, let target, let expected, let found):
            "alignment map: expected \(expected) weights, one per source token, in weights[\(layer)][\(head)][\(target)], "
                + "found \(found)"
        case .badWeight(let layer, let head, let target, let source, let value):
            "alignment map: expected weights that are finite and not negative, found \(value) in "
                + "weights[\(layer)][\(head)][\(target)][\(source)]"
        case .noSuchHead(let index, let layerCount, let headCount):
            "alignment map: there is no weights[\(index.layer)][\(index.head)]; the map has \(layerCount) layers "
                + "of \(headCount) heads"
        case .noSuchWord(let side, let subword, let word, let wordCount):
            "merging subwords: \(side) subword \(subword) belongs to word \(word), but there are \(wordCount) words, "
                + "counted from 0; use nil for special tokens"
        case .notSquare(let operation, let targetCount, let sourceCount):
            "\(operation): expected self-attention with as many targets as sources, "
                + "found \(targetCount) targets and \(sourceCount) sources"
        case .badLink(let text, let position, let firstIndex):
            "Pharaoh alignment: expected links such as \(firstIndex)-\(firstIndex + 2), source index and target index "
                + "counted from \(firstIndex), separated by spaces, found \"\(text)\" as link \(position + 1)"
        }
    }
}

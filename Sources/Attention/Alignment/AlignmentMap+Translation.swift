import AttentionInspection
import AttentionTensors
import AttentionText

extension AlignmentMap {
    /// The map of words from a model's attention between pieces.
    ///
    /// - Parameters:
    ///   - weights: [L, H, T, K], a row for each target piece (and one for the end token, if it was written), a column for each source piece
    ///     and the end token.
    ///   - source, target: the pieces with their words, without end tokens.
    init(weights: Tensor, source: Encoding, target: Encoding, name: String, chosen: HeadIndex?) throws {
        let (layers, heads, rows, columns) = (weights.shape[0], weights.shape[1], weights.shape[2], weights.shape[3])
        let values = weights.values
        let end = "</s>"
        let pieces = try AlignmentMap(
            name: name, source: source.pieces + [String](repeating: end, count: columns - source.pieces.count),
            target: target.pieces + [String](repeating: end, count: rows - target.pieces.count),
            weights: (0..<layers).map { layer in
                (0..<heads).map { head in
                    (0..<rows).map { row in
                        let start = ((layer * heads + head) * rows + row) * columns
                        return Array(values[start..<start + columns])
                    }
                }
            }, chosen: chosen)
        self = try pieces.merged(
            sourceWords: source.words + [Int?](repeating: nil, count: columns - source.words.count),
            targetWords: target.words + [Int?](repeating: nil, count: rows - target.words.count),
            sourceTexts: source.wordTexts, targetTexts: target.wordTexts)
    }
}

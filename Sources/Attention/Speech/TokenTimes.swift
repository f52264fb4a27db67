/// When each token of a window was said, by where those heads look that follow the sound.
///
/// Of each head and moment the weights are brought to mean 0 and deviation 1 over the tokens, then smoothed by the median of neighbouring moments, and
/// averaged over the heads; the path of greatest sum that only goes forward says at which moment the sound of each token has come to its end.
///
/// *Source:* transformers' `_extract_token_timestamps`, after the authors' `timing.py`.
package struct TokenTimes: Sendable, Hashable {
    /// The moment at which each token ends, never before the one before it.
    package let ends: [Int]

    /// By the weights of each head, [tokens, moments] row by row.
    /// - Parameter medianWidth: over how many moments, an odd number, the median is taken.
    package init(heads: [[Float]], tokenCount: Int, momentCount: Int, medianWidth: Int) {
        guard tokenCount > 0, momentCount > 0, !heads.isEmpty else {
            ends = [Int](repeating: 0, count: tokenCount)
            return
        }
        var costs = [Float](repeating: 0, count: tokenCount * momentCount)
        for head in heads {
            let clear = Self.standardized(head, tokenCount, momentCount)
            for token in 0..<tokenCount {
                let row = clear[token * momentCount..<(token + 1) * momentCount]
                for (moment, weight) in Self.medians(Array(row), width: medianWidth).enumerated() {
                    costs[token * momentCount + moment] -= weight / Float(heads.count)
                }
            }
        }
        ends = DynamicTimeWarping(costs, rowCount: tokenCount, columnCount: momentCount).columns
    }

    /// Each moment's weights with mean 0 and deviation 1 over the tokens; 0 where all are the same, or one is no number.
    private static func standardized(_ weights: [Float], _ tokenCount: Int, _ momentCount: Int) -> [Float] {
        var result = [Float](repeating: 0, count: weights.count)
        for moment in 0..<momentCount {
            let column = (0..<tokenCount).map { weights[$0 * momentCount + moment] }
            let mean = column.reduce(0, +) / Float(tokenCount)
            let deviation = (column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(tokenCount)).squareRoot()
            guard deviation > 0, deviation.isFinite else { continue }
            for (token, weight) in column.enumerated() {
                result[token * momentCount + moment] = (weight - mean) / deviation
            }
        }
        return result
    }

    /// The median of each element and its neighbours, which are mirrored at the ends; the row itself if it is not longer than half of the width.
    private static func medians(_ row: [Float], width: Int) -> [Float] {
        let (half, last) = (width / 2, row.count - 1)
        guard half > 0, row.count > half else { return row }
        return row.indices.map { center in
            let neighbours = (center - half...center + half).map { row[$0 < 0 ? -$0 : $0 > last ? 2 * last - $0 : $0] }
            return neighbours.sorted()[half]
        }
    }
}

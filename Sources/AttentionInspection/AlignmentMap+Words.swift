extension AlignmentMap {
    /// What becomes of tokens that belong to no word, such as `</s>`.
    public enum SpecialTokens: Sendable {
        /// They leave the map, and so does the attention they gave and received.
        case dropped
        /// They stay, each a word of its own, where they stood between the words.
        case kept
    }

    /// From subwords to words, in all layers and heads: the attention *to* a word is the sum over its pieces, the
    /// attention *from* a word is the mean over its pieces. So rows that summed to 1 still do, unless special tokens
    /// took a share of them and were dropped; follow with `renormalized()` where that share should be given to the
    /// words.
    ///
    /// A word without pieces keeps its place, neither giving nor receiving attention.
    ///
    /// - Parameters:
    ///   - sourceWords: for each source token the index of its word, `nil` for a special token.
    ///   - targetWords: the same for each target token.
    ///   - sourceTexts: the source words.
    ///   - targetTexts: the target words.
    ///   - specialTokens: whether special tokens are dropped or kept.
    /// - Returns: a map of words.
    /// - Throws: `AlignmentError` when there is not one index per token, or an index names no word.
    /// - Source: Clark et al. (2019), *What Does BERT Look At?*, section 4.1.
    public func merged(
        sourceWords: [Int?], targetWords: [Int?], sourceTexts: [String], targetTexts: [String],
        specialTokens: SpecialTokens = .dropped
    ) throws(AlignmentError) -> AlignmentMap {
        let columns = try WordGroups(
            side: "source", words: sourceWords, texts: sourceTexts, tokens: source, specialTokens: specialTokens)
        let rows = try WordGroups(
            side: "target", words: targetWords, texts: targetTexts, tokens: target, specialTokens: specialTokens)
        return AlignmentMap(
            unchecked: name, source: columns.labels, target: rows.labels,
            weights: weights.map { $0.map { merge($0, rows: rows.pieces, columns: columns.pieces) } },
            layerNames: layerNames, headNames: headNames, chosen: chosen)
    }

    /// The map with every row divided by its sum, so that it sums to 1; rows of zeros stay as they are.
    public func renormalized() -> AlignmentMap {
        AlignmentMap(
            unchecked: name, source: source, target: target,
            weights: weights.map { $0.map { $0.map(normalized) } },
            layerNames: layerNames, headNames: headNames, chosen: chosen)
    }
}

/// The row divided by its sum; a row of zeros as it is.
func normalized(_ row: [Float]) -> [Float] {
    let sum = Float(row.reduce(0) { $0 + Double($1) })
    return sum > 0 ? row.map { $0 / sum } : row
}

/// Attention to a word is the sum over its pieces, attention from it the mean.
func merge(_ weights: [[Float]], rows: [[Int]], columns: [[Int]]) -> [[Float]] {
    rows.map { pieces in
        columns.map { sources in
            var sum: Float = 0
            for piece in pieces {
                for source in sources { sum += weights[piece][source] }
            }
            return pieces.isEmpty ? 0 : sum / Float(pieces.count)
        }
    }
}

/// The words of one side in reading order, each with the tokens it is made of.
package struct WordGroups {
    package internal(set) var labels: [String] = []
    package internal(set) var pieces: [[Int]] = []

    /// No words yet.
    init() {}

    init(
        side: String, words: [Int?], texts: [String], tokens: [String], specialTokens: AlignmentMap.SpecialTokens
    ) throws(AlignmentError) {
        guard words.count == tokens.count else {
            throw .count(
                operation: "merging subwords", list: "word indices, one per \(side) token", expected: tokens.count,
                found: words.count)
        }
        var piecesOfWord = [[Int]](repeating: [], count: texts.count)
        for (token, word) in words.enumerated() {
            guard let word else { continue }
            guard texts.indices.contains(word) else {
                throw .noSuchWord(side: side, subword: token, word: word, wordCount: texts.count)
            }
            piecesOfWord[word].append(token)
        }
        // Special tokens stand behind the last word that began before them.
        var nextWord = 0
        for (token, word) in words.enumerated() {
            if let word {
                while nextWord <= word {
                    append(texts[nextWord], piecesOfWord[nextWord])
                    nextWord += 1
                }
            } else if case .kept = specialTokens {
                append(tokens[token], [token])
            }
        }
        for word in nextWord..<texts.count { append(texts[word], piecesOfWord[word]) }
    }

    private mutating func append(_ label: String, _ tokens: [Int]) {
        labels.append(label)
        pieces.append(tokens)
    }
}

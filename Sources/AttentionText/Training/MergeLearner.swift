/// Learns which pieces merge into which: again and again the two neighbours that occur most often together become one piece.
///
/// Source: Sennrich, Haddow and Birch (2016), section 3.2.
struct MergeLearner {
    /// The pieces there are at first, and one more for each merge.
    private(set) var vocabulary: Vocabulary
    /// The merges, the earliest first.
    private(set) var merges = MergeTable()

    /// Merges until the vocabulary is of this size, or no pair occurs so often any more.
    init(_ words: WordCounts, from vocabulary: Vocabulary, size: Int, minimumPairCount: Int) {
        self.vocabulary = vocabulary
        var pairs = PairCounts(words, vocabulary: vocabulary)
        while self.vocabulary.count < size, let pair = pairs.mostFrequent(atLeast: minimumPairCount) {
            guard let left = self.vocabulary.bytes(of: Int(pair.left)),
                let right = self.vocabulary.bytes(of: Int(pair.right))
            else { break }
            // Never a special piece: pre-tokenizers cut those off from their neighbours.
            let piece = left + right
            let known = self.vocabulary.id(of: piece)
            let id = known ?? self.vocabulary.count
            if known == nil { self.vocabulary.insert(piece, id: id) }
            merges.insert(pair.left, pair.right, becoming: Int32(id))
            pairs.merge(pair, into: Int32(id))
        }
    }
}

/// Forbids to write so many tokens in a row a second time, those of the prompt counting (Paulus et al. 2018, *A Deep Reinforced Model for
/// Abstractive Summarization*, sec. 2.5).
public struct RepeatedSequences: LogitProcessor, Hashable {
    /// How many tokens in a row; 1 forbids every token that the text has.
    public let length: Int

    /// No `length` tokens twice.
    /// - Throws: `SearchError` unless that is at least 1.
    public init(of length: Int) throws(SearchError) {
        guard length >= 1 else {
            throw .setting(name: "the length of repeated sequences", expected: "at least 1", found: "\(length)")
        }
        self.length = length
    }

    /// - Complexity: O(text · length).
    public func process(_ scores: TokenScores, after text: WrittenText) {
        let tokens = text.all
        guard tokens.count >= length else { return }
        let ending = tokens.suffix(length - 1)
        for start in 0...tokens.count - length where tokens[start..<start + length - 1].elementsEqual(ending) {
            scores.forbid(tokens[start + length - 1])
        }
    }
}

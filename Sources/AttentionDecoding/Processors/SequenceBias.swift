/// Adds to the score of the token that would complete a sequence: favours words, or forbids them.
public struct SequenceBias: LogitProcessor, Hashable {
    /// The tokens of a word, and what is added where the last of them would complete it.
    public let biases: [[Int]: Float]

    /// Biases of these sequences; −∞ forbids one.
    public init(_ biases: [[Int]: Float]) { self.biases = biases }

    /// Words that may not be written.
    public static func forbidding(_ words: [[Int]]) -> SequenceBias {
        SequenceBias(Dictionary(words.map { ($0, -Float.infinity) }) { first, _ in first })
    }

    public func process(_ scores: TokenScores, after text: WrittenText) {
        let tokens = text.all
        for (sequence, bias) in biases {
            guard let last = sequence.last, tokens.suffix(sequence.count - 1).elementsEqual(sequence.dropLast()) else {
                continue
            }
            scores[last] += bias
        }
    }
}

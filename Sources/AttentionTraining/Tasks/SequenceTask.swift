public import AttentionTensors

/// A rule that turns one sequence of symbols into another: small tasks on which mechanisms show what they can learn.
public enum SequenceTask: String, Sendable, Hashable, CaseIterable {
    /// The same sequence: what a monotonic alignment does best.
    case copy
    /// The sequence from its end: an alignment that runs backwards.
    case reverse
    /// The symbols in order: an alignment by content alone.
    case sort

    /// Ends every sequence.
    public static let end = 2
    /// The least symbol; below it are padding, start and end.
    public static let firstSymbol = 3

    /// The image of these symbols.
    public func apply(to symbols: [Int]) -> [Int] {
        switch self {
        case .copy: symbols
        case .reverse: symbols.reversed()
        case .sort: symbols.sorted()
        }
    }

    /// Sequences of random symbols with their images, each ended; the same key gives the same pairs.
    ///
    /// - Parameters:
    ///   - count: how many.
    ///   - symbolCount: of how many different symbols, `firstSymbol` and up.
    ///   - lengths: how many symbols a sequence may have, each number as likely.
    public func pairs(count: Int, symbolCount: Int, lengths: ClosedRange<Int>, key: RandomKey) -> [SequencePair] {
        var generator = key.generator()
        return (0..<count).map { _ in
            let length = Int.random(in: lengths, using: &generator)
            let symbols = (0..<length).map { _ in
                Self.firstSymbol + Int.random(in: 0..<symbolCount, using: &generator)
            }
            return SequencePair(source: symbols + [Self.end], target: apply(to: symbols) + [Self.end])
        }
    }
}

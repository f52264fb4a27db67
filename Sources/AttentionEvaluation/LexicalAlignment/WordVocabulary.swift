/// Ids from 0 for the words of one language, whatever their case, in the order in which they were first seen.
///
/// Words that differ in case alone are one word, because an aligner learns more from one frequent word than from two
/// rare ones.
public struct WordVocabulary: Sendable, Equatable {
    private var numbering = Numbering<String>()

    /// A vocabulary without words.
    public init() {}

    /// How many words have an id.
    public var count: Int { numbering.count }

    /// The ids of some words; words never seen before get new ones.
    ///
    /// - Parameter words: a sentence, split into words.
    /// - Returns: one id per word.
    public mutating func ids(of words: [String]) -> [Int] {
        words.map { numbering.number(of: $0.lowercased()) }
    }
}

/// The words that captions are made of, each with a number.
package struct Vocabulary: Sendable, Hashable {
    /// What stands for every other word.
    package static let unknown = "?"
    /// The words in the order of their numbers, the last one `unknown`.
    package let words: [String]
    private let numbers: [String: Int]

    /// These words, each of them once, and one for all others.
    package init(_ words: [String]) {
        var (known, numbers): ([String], [String: Int]) = ([], [:])
        for word in words.filter({ $0 != Self.unknown }) + [Self.unknown] where numbers[word] == nil {
            numbers[word] = known.count
            known.append(word)
        }
        (self.words, self.numbers) = (known, numbers)
    }

    /// What ends a caption; as an input, what stands before its first word.
    package var end: Int { words.count }
    /// How many numbers there are, the end's included.
    package var count: Int { words.count + 1 }

    /// The numbers of a caption's words.
    package func numbers(of caption: [String]) -> [Int] { caption.map { numbers[$0] ?? words.count - 1 } }
}

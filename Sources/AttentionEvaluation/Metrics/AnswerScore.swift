/// How good answers are by SQuAD's measures: the share that are right to the letter, and how much words overlap (Rajpurkar et al. 2016, sec. 6.1,
/// and their `evaluate-v1.1.py`).
///
/// Before they are compared, answers are lower-cased, and ASCII punctuation, the articles *a*, *an* and *the* and superfluous space are left out.
public struct AnswerScore: Sendable, Hashable {
    /// How many answers there are.
    public private(set) var count = 0
    private var exactSum = 0.0
    private var f1Sum = 0.0

    /// No answers yet.
    public init() {}

    /// The score of one answer: the best over the references.
    public init(_ answer: String, references: [String]) {
        count = 1
        let words = Self.words(answer)
        for reference in references.map(Self.words) {
            exactSum = max(exactSum, words == reference ? 1 : 0)
            f1Sum = max(f1Sum, Self.f1(words, reference))
        }
    }

    /// Adds the scores of other answers.
    public mutating func add(_ other: AnswerScore) {
        count += other.count
        exactSum += other.exactSum
        f1Sum += other.f1Sum
    }

    /// The share of answers that are one of their references, from 0 to 1; 0 of none.
    public var exactMatch: Double { exactSum / Double(max(1, count)) }

    /// The mean of 2 p r / (p + r), of the shares p and r of the words of the answer and of the reference that both have; 0 of none.
    public var f1: Double { f1Sum / Double(max(1, count)) }

    private static func f1(_ words: [String], _ reference: [String]) -> Double {
        var rest = Dictionary(reference.map { ($0, 1) }, uniquingKeysWith: +)
        var common = 0
        for word in words {
            guard let count = rest[word], count > 0 else { continue }
            rest[word] = count - 1
            common += 1
        }
        guard common > 0 else { return 0 }
        let (precision, recall) = (Double(common) / Double(words.count), Double(common) / Double(reference.count))
        return 2 * precision * recall / (precision + recall)
    }

    private static func words(_ text: String) -> [String] {
        let kept = text.lowercased().unicodeScalars.filter { !punctuation.contains($0) }
        return String(String.UnicodeScalarView(kept)).split(whereSeparator: \.isWhitespace).map(String.init).filter {
            !["a", "an", "the"].contains($0)
        }
    }

    private static let punctuation = Set("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~".unicodeScalars)
}

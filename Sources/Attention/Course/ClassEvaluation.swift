import Glibc

/// How often a model says rightly of which class examples are, and what it takes for what.
public struct ClassEvaluation: Sendable, Hashable {
    /// What the classes are called.
    public let labels: [String]
    /// How often examples of a class (rows) were taken for one (columns).
    public let confusion: [[Int]]
    /// The mean of −ln P of the right class.
    public let loss: Double

    /// How many examples there are.
    public var count: Int { confusion.joined().reduce(0, +) }
    /// The share of examples whose class was found.
    public var accuracy: Double {
        Double(confusion.indices.reduce(0) { $0 + confusion[$1][$1] }) / Double(max(1, count))
    }
    /// The share of examples of each class whose class was found; nil of a class without examples.
    public var recall: [Double?] {
        confusion.indices.map { row in
            let count = confusion[row].reduce(0, +)
            return count > 0 ? Double(confusion[row][row]) / Double(count) : nil
        }
    }

    /// Asks for the labels of examples whose classes are known, some at once.
    ///
    /// - Parameters:
    ///   - answer: the labels of some examples, the likeliest first.
    ///   - unknown: the error of a class that the model does not know.
    init<Example>(
        _ labels: [String], of examples: [(example: Example, label: String)], batchSize: Int,
        unknown: (String) -> any Error, progress: (Int) -> Void, answer: ([Example]) throws -> [[ScoredLabel]]
    ) throws {
        let indices = Dictionary(labels.enumerated().map { ($0.element, $0.offset) }) { first, _ in first }
        var confusion = [[Int]](repeating: [Int](repeating: 0, count: labels.count), count: labels.count)
        var (total, done) = (0.0, 0)
        while done < examples.count {
            let batch = examples[done..<min(examples.count, done + batchSize)]
            for ((_, label), found) in zip(batch, try answer(batch.map(\.example))) {
                guard let row = indices[label], let column = indices[found[0].label],
                    let own = found.first(where: { $0.label == label })
                else { throw unknown(label) }
                confusion[row][column] += 1
                total -= log(max(Double(own.score), .leastNormalMagnitude))
            }
            done += batch.count
            progress(done)
        }
        (self.labels, self.confusion, loss) = (labels, confusion, total / Double(max(1, examples.count)))
    }
}

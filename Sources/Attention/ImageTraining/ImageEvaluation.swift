import AttentionSignals
import Glibc

/// How often a model says rightly of which class pictures are, and what it takes for what.
public struct ImageEvaluation: Sendable, Hashable {
    /// What the classes are called.
    public let labels: [String]
    /// How often pictures of a class (rows) were taken for one (columns).
    public let confusion: [[Int]]
    /// The mean of −ln P of the right class.
    public let loss: Double

    /// How many pictures there are.
    public var count: Int { confusion.joined().reduce(0, +) }
    /// The share of pictures whose class was found.
    public var accuracy: Double {
        Double(confusion.indices.reduce(0) { $0 + confusion[$1][$1] }) / Double(max(1, count))
    }
    /// The share of pictures of each class whose class was found; nil of a class without pictures.
    public var recall: [Double?] {
        confusion.indices.map { row in
            let count = confusion[row].reduce(0, +)
            return count > 0 ? Double(confusion[row][row]) / Double(count) : nil
        }
    }

    /// Asks a model of pictures whose classes are known.
    ///
    /// - Parameter progress: told how many have been seen.
    /// - Throws: `ImageTrainingError` if there are none, or of a class that the model does not know; else as `ImageLabeler.label`.
    public init(
        of labeler: ImageLabeler, on pictures: [LabeledPicture], batchSize: Int = 64,
        progress: (Int) -> Void = { _ in }
    ) throws {
        guard !pictures.isEmpty else { throw ImageTrainingError.noPictures("the test data") }
        labels = labeler.labels
        let indices = Dictionary(labels.enumerated().map { ($0.element, $0.offset) }) { first, _ in first }
        var confusion = [[Int]](repeating: [Int](repeating: 0, count: labels.count), count: labels.count)
        var (total, done) = (0.0, 0)
        while done < pictures.count {
            let batch = pictures[done..<min(pictures.count, done + batchSize)]
            for (picture, found) in zip(batch, try labeler.label(batch.map(\.image))) {
                guard let row = indices[picture.label], let column = indices[found[0].label],
                    let own = found.first(where: { $0.label == picture.label })
                else { throw ImageTrainingError.unknownClass(picture.label, known: labels) }
                confusion[row][column] += 1
                total -= log(max(Double(own.score), .leastNormalMagnitude))
            }
            done += batch.count
            progress(done)
        }
        (self.confusion, loss) = (confusion, total / Double(pictures.count))
    }
}

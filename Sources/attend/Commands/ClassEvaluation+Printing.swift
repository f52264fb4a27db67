import Attention
import AttentionCommand
import AttentionFiles

extension ClassEvaluation {
    private struct Answer: Encodable {
        let accuracy: Double
        let loss: Double
        let count: Int
        let labels: [String]
        let confusion: [[Int]]
    }

    /// One JSON object.
    func printJSON() throws {
        try Results.print(
            try JSONEncoding.text(
                of: Answer(accuracy: accuracy, loss: loss, count: count, labels: labels, confusion: confusion)))
    }

    /// A line for all, and one for each class: how often it was found, and what it was most often taken for.
    func print(unit: String) throws {
        try Results.print("accuracy \(accuracy.shown(4))\tloss \(loss.shown(4))\t\(count) \(unit)")
        for (row, recall) in recall.enumerated() {
            guard let recall else { continue }
            let others = confusion[row].enumerated().filter { $0.offset != row && $0.element > 0 }
            let most = others.max { ($0.element, $1.offset) < ($1.element, $0.offset) }
            let taken = most.map { "\ttaken \($0.element) times for \(labels[$0.offset])" } ?? ""
            try Results.print("\(labels[row])\t\(recall.shown(4))\(taken)")
        }
    }
}

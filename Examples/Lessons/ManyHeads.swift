import Attention
import Foundation

/// What can two heads say that one cannot?
package enum ManyHeads {
    /// Each of five words is found by its place.
    static let places = (0..<25).map { $0 / 5 == $0 % 5 ? Float(1) : 0 }

    /// What the last word reads when it asks for the first and the fourth: by one head that asks for both, or by one head for each.
    package static func read(_ values: [Float], headCount: Int) throws -> [Float] {
        try look(at: values, headCount: headCount).context.values
    }

    private static func look(at values: [Float], headCount: Int) throws -> Alignment {
        let keys = try Tensor(places, shape: [1, 1, 5, 5]).expanded(to: [1, headCount, 5, 5])
        let words = try Tensor(values, shape: [1, 1, 5, 1]).expanded(to: [1, headCount, 5, 1])
        let questions: [Float] = headCount == 1 ? [1, 0, 0, 1, 0] : [1, 0, 0, 0, 0, 0, 0, 0, 1, 0]
        let query = try Tensor(questions, shape: [1, headCount, 1, 5]) * 20
        let mechanism = AttentionMechanism(score: .dot)
        return try mechanism.align(query, try mechanism.remember(keys: keys, values: words))
    }

    /// How many numbers a layer of so many heads learns.
    package static func parameterCount(headCount: Int) -> Int {
        MultiHeadAttention(64, headCount: headCount, mechanism: AttentionMechanism(), key: RandomKey(seed: 1))
            .parameterCount
    }

    static func report() throws -> String {
        let (dogBitesMan, manBitesDog): ([Float], [Float]) = ([3, 0, 0, 7, 0], [7, 0, 0, 3, 0])
        var lines: [String] = []
        for headCount in [1, 2] {
            for (name, values) in [("3 … 7", dogBitesMan), ("7 … 3", manBitesDog)] {
                let answer = try read(values, headCount: headCount).map { String(format: "%.3f", $0) }
                lines.append(
                    "\(headCount) head\(headCount > 1 ? "s" : ""), \(name): \(answer.joined(separator: " and "))")
            }
        }
        let counts = [1, 2, 4, 8].map { "\($0): \(parameterCount(headCount: $0))" }.joined(separator: ", ")
        return lines.joined(separator: "\n") + "\nnumbers that a layer of 64 learns, by heads: \(counts)\n"
    }

    static func drawing() throws -> String {
        let values: [Float] = [3, 0, 0, 7, 0]
        let shares = try [1, 2].flatMap { try look(at: values, headCount: $0).weights.values }
        let rows = stride(from: 0, to: shares.count, by: 5).map { Array(shares[$0..<$0 + 5]) }
        return Figure(
            try AlignmentMatrix(
                source: values.map { "\(Int($0))" }, target: ["one head", "first of two", "second of two"],
                weights: rows)
        ).svg
    }
}

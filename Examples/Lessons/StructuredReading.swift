import Attention
import AttentionVariants
import Foundation

/// Attention that knows that what is read lies together.
package enum StructuredReading {
    /// How well each of eight words fits the question: three in a row do, with one doubtful among them; and one elsewhere by chance.
    static let scores: [Float] = [-2, 1, -2, -2, 2, -0.5, 2, -2]

    /// How probably each word is read, where neighbours like to be read, and not to be read, together: so much.
    package static func marginals(togetherness: Float) throws -> [Float] {
        let together = try Tensor([togetherness, 0, 0, togetherness], shape: [2, 2])
        let attention = SegmentationAttention(score: .dot, transition: together)
        let query = try Tensor([1], shape: [1, 1, 1])
        let keys = try Tensor(scores, shape: [1, 8, 1])
        return try attention.align(query: query, keys: keys, values: keys).weights.values
    }

    /// The same by looking at all 256 choices of words.
    package static func byEnumeration(togetherness: Float) -> [Float] {
        var (read, all) = ([Double](repeating: 0, count: 8), 0.0)
        for choice in 0..<256 {
            let isRead = (0..<8).map { choice >> $0 & 1 == 1 }
            var potential = 0.0
            for place in 0..<8 where isRead[place] { potential += Double(scores[place]) }
            for place in 0..<7 where isRead[place] == isRead[place + 1] { potential += Double(togetherness) }
            all += exp(potential)
            for place in 0..<8 where isRead[place] { read[place] += exp(potential) }
        }
        return read.map { Float($0 / all) }
    }

    static func report() throws -> String {
        func row(_ name: String, _ numbers: [Float]) -> String {
            name + numbers.map { String(format: "%6.2f", $0) }.joined()
        }
        let softmax = try Tensor(scores, shape: [8]).softmax().values
        return [
            row("scores         ", scores), row("softmax        ", softmax),
            row("each by itself ", try marginals(togetherness: 0)),
            row("together by 1.5", try marginals(togetherness: 1.5)),
            row("by enumeration ", byEnumeration(togetherness: 1.5)),
        ].joined(separator: "\n") + "\n"
    }

    static func drawing() throws -> String {
        let rows = [
            try Tensor(scores, shape: [8]).softmax().values, try marginals(togetherness: 0),
            try marginals(togetherness: 1.5),
        ]
        return Figure(
            try AlignmentMatrix(
                source: scores.map { "\($0)" }, target: ["softmax", "each by itself", "together by 1.5"], weights: rows)
        ).svg
    }
}

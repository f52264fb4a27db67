import Attention
import Foundation

/// A dictionary that is asked softly.
package enum SoftDictionary {
    /// Three keys, and a value for each: how warm a colour is, and how far it is seen.
    static let colours = ["red", "green", "blue"]
    static let keys: [Float] = [1, 0, 0, 0, 1, 0, 0, 0, 1]
    static let values: [Float] = [0.9, 620, 0.4, 540, 0.1, 470]

    /// What a question reads, and how much of it from each entry.
    package static func ask(_ question: [Float], sharpness: Float) throws -> (answer: [Float], weights: [Float]) {
        let mechanism = AttentionMechanism(score: .dot)
        let memory = try mechanism.remember(
            keys: Tensor(keys, shape: [1, 1, 3, 3]), values: Tensor(values, shape: [1, 1, 3, 2]))
        let query = try Tensor(question, shape: [1, 1, 1, 3]) * sharpness
        let found = try mechanism.align(query, memory)
        return (found.context.values, found.weights.values)
    }

    /// The greatest weight among 16 random keys of so many features, on average over 64 queries.
    package static func greatestWeight(size: Int, isScaled: Bool) throws -> Float {
        let mechanism = isScaled ? AttentionMechanism(score: .scaledDot) : AttentionMechanism(score: .dot)
        let keys = Tensor.normal([1, 1, 16, size], key: RandomKey(seed: 1))
        let queries = Tensor.normal([1, 1, 64, size], key: RandomKey(seed: 2))
        let weights = try mechanism.align(queries, try mechanism.remember(keys: keys, values: keys)).weights.values
        return (0..<64).reduce(0) { $0 + (weights[$1 * 16..<$1 * 16 + 16].max() ?? 0) } / 64
    }

    /// Questions in other words: the general score translates them, here rouge, vert and bleu in another order.
    package static func askInFrench(_ question: [Float], sharpness: Float) throws -> [Float] {
        let dictionary = try Tensor([0, 0, 1, 1, 0, 0, 0, 1, 0], shape: [3, 3])  // bleu, rouge, vert → red, green, blue
        let mechanism = AttentionMechanism(score: GeneralScore(weight: dictionary))
        let memory = try mechanism.remember(
            keys: Tensor(keys, shape: [1, 1, 3, 3]), values: Tensor(values, shape: [1, 1, 3, 2]))
        let query = try Tensor(question, shape: [1, 1, 1, 3]) * sharpness
        return try mechanism.align(query, memory).weights.values
    }

    static func report() throws -> String {
        var lines: [String] = []
        for (name, question) in [("red", [1, 0, 0]), ("between red and green", [0.5, 0.5, 0])] as [(String, [Float])] {
            for sharpness: Float in [1, 4, 16] {
                let (answer, weights) = try ask(question, sharpness: sharpness)
                lines.append(
                    String(
                        format: "%@, × %2.0f: weights %.3f %.3f %.3f, answer %.3f and %.0f nm", name, sharpness,
                        weights[0],
                        weights[1], weights[2], answer[0], answer[1]))
            }
        }
        lines.append("\nfeatures   dot    scaled dot")
        for size in [1, 4, 16, 64, 256, 1024] {
            let shares = [
                try greatestWeight(size: size, isScaled: false), try greatestWeight(size: size, isScaled: true),
            ]
            lines.append(String(format: "%8d  %.3f  %.3f", size, shares[0], shares[1]))
        }
        let french = try askInFrench([0, 1, 0], sharpness: 8)
        lines.append(String(format: "\nrouge: red %.3f, green %.3f, blue %.3f", french[0], french[1], french[2]))
        return lines.joined(separator: "\n") + "\n"
    }

    static func drawing() throws -> String {
        let sizes = [1, 4, 16, 64, 256, 1024]
        let series = try [("dot", false), ("scaled dot", true)].map { name, isScaled in
            LineChart.Series(
                name: name,
                points: try sizes.map {
                    LineChart.Point(x: Double($0), y: Double(try greatestWeight(size: $0, isScaled: isScaled)))
                })
        }
        return LineChart(
            title: "The greatest of 16 weights", x: LineChart.Axis("features", scale: .logarithmic),
            y: LineChart.Axis("weight"), series: series
        ).svg
    }
}

package import Attention
import Foundation

/// Bahdanau's attention, written from its formula and asked for by its name.
package enum AdditiveByHand {
    static let words = ["where", "is", "the", "station", "?"]

    /// A decoder's state [1, 1, 1, 6], the annotations of five words [1, 1, 5, 8], and W, U and v.
    static let query = Tensor.normal([1, 1, 1, 6], key: RandomKey(seed: 1))
    static let annotations = Tensor.normal([1, 1, 5, 8], key: RandomKey(seed: 2))
    static let (w, u) = (
        Tensor.normal([4, 6], key: RandomKey(seed: 3)), Tensor.normal([4, 8], key: RandomKey(seed: 4))
    )
    static let v = Tensor.normal([4], key: RandomKey(seed: 5))

    /// Weights [1, 1, Q, K] and contexts [1, 1, Q, 8], by the formula.
    package static func byHand(
        _ query: Tensor = query, activation: (Tensor) -> Tensor = { $0.hyperbolicTangent() }
    ) throws -> (weights: Tensor, context: Tensor) {
        let asked = try matmul(query, w.transposed(0, 1)).unsqueezed(axis: 3)  // [1, 1, Q, 1, 4]
        let offered = try matmul(annotations, u.transposed(0, 1)).unsqueezed(axis: 2)  // [1, 1, 1, K, 4]
        let scores = try (activation(asked + offered) * v).sum(axis: 4)  // [1, 1, Q, K]
        let weights = try scores.softmax()
        return (weights, try matmul(weights, annotations))
    }

    /// The same, by the mechanism of the library.
    package static func byName() throws -> (weights: Tensor, context: Tensor) {
        let bahdanau = AttentionMechanism(score: AdditiveScore(queryWeight: w, keyWeight: u, vector: v))
        let memory = try bahdanau.remember(keys: annotations, values: annotations)
        let alignment = try bahdanau.align(query, memory)
        return (alignment.weights, alignment.context)
    }

    static func report() throws -> String {
        let (hand, name) = (try byHand(), try byName())
        let rows = try AlignmentMatrix(source: words, target: ["état 1"], weights: [hand.weights.values])
        let difference = (hand.context - name.context).values.map(abs).max() ?? 0
        return words.indices.map { String(format: "%@ %.4f", words[$0], hand.weights.values[$0]) }.joined(
            separator: ", ")
            + "\n" + TextRenderer().render(rows) + "\nby hand and by name differ by \(difference)\n"
    }

    static func drawing() throws -> String {
        Figure(try AlignmentMatrix(source: words, target: ["état 1"], weights: [byHand().weights.values])).svg
    }
}

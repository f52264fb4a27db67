package import Attention

/// How does one write a mechanism of one's own? A score that is not in the library, used by a layer that is, and a picture of where it looks.
///
///     swift run -c release CustomMechanism
@main
struct CustomMechanism {
    static func main() throws { print(try alignmentPicture()) }
}

/// Where the two heads of an untrained layer look in a sentence: equal words are nearest to each other.
package func alignmentPicture() throws -> String {
    let words = ["the", "cat", "saw", "the", "dog"]
    let vocabulary = ["the": 0, "cat": 1, "saw": 2, "dog": 3]
    let embedding = Embedding(vocabulary.count, 8, key: RandomKey(seed: 1))
    let x = try embedding(words.compactMap { vocabulary[$0] }).unsqueezed(axis: 0)  // [1, 5, 8]

    let mechanism = AttentionMechanism(score: ManhattanScore(sharpness: 0.5))
    var attention = MultiHeadAttention(8, headCount: 2, mechanism: mechanism, key: RandomKey(seed: 2))
    attention.key = attention.query  // what a word asks for is what it is found by
    let weights = try attention.align(x, attention.remember(x)).weights  // [1, 2, 5, 5]

    return try (0..<2).map { head in
        let rows = words.indices.map { i in words.indices.map { j in weights[0, head, i, j] } }
        let matrix = try AlignmentMatrix(name: "head \(head)", source: words, target: words, weights: rows)
        return "head \(head)\n" + TextRenderer().render(matrix)
    }.joined(separator: "\n")
}

/// s_ij = −sharpness · Σ_d |q_id − k_jd|: what is near matches, by the distance one walks in a grid of streets.
///
/// A score only has to compare queries [B, H, Q, D] with keys [B, H, K, D]. Its derivative follows from the operations it is made of;
/// `Tests/CustomMechanismTests` checks it, and the laws of all scores, in one line.
package struct ManhattanScore: Score {
    /// How fast attention falls with distance.
    package var sharpness: Float

    package init(sharpness: Float) { self.sharpness = sharpness }

    package func compare(_ query: Tensor, _ keys: Tensor) throws(ShapeError) -> Tensor {
        let differences = query.unsqueezed(axis: 3) - keys.unsqueezed(axis: 2)  // [B, H, Q, K, D]
        return try differences.absolute().sum(axis: -1) * -sharpness
    }
}

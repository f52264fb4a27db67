package import AttentionTensors

/// What a model gives at each place that looks, as a function of the vectors of the words that are looked at: all that measures of what an outcome
/// depends on need to know of a model.
public struct WordOutcomes {
    /// The words' vectors as the model's table has them, [K, E].
    package let vectors: Tensor
    /// Vectors of B texts of these words, [B, K, E] → outcomes, [B, Q].
    package let outcomes: (Tensor) throws -> Tensor

    /// Outcomes of words with these vectors.
    package init(vectors: Tensor, outcomes: @escaping (Tensor) throws -> Tensor) {
        (self.vectors, self.outcomes) = (vectors, outcomes)
    }

    /// How much each outcome changes when the vectors of a group of words are 0, |f_q(x) − f_q(x without g)|: [Q][G].
    ///
    /// - Source: Li, Monroe & Jurafsky (2016), *Understanding Neural Networks through Representation Erasure*, section 3.
    package func leaveOneOut(_ groups: [[Int]]) throws -> [[Float]] {
        let plain = try outcomes(vectors.unsqueezed(axis: 0)).values
        var changes = plain.map { _ in [Float]() }
        for start in stride(from: 0, to: groups.count, by: Self.batchSize) {
            let batch = groups[start..<min(start + Self.batchSize, groups.count)]
            let without = try stacked(batch.map { try erasing($0) })
            let found = try outcomes(without).values
            for place in batch.indices {
                for row in plain.indices {
                    changes[row].append(abs(found[(place - start) * plain.count + row] - plain[row]))
                }
            }
        }
        return changes
    }

    /// |Σ over a group of ⟨∂f_q/∂x_k, x_k⟩|, gradient times vector: [Q][G].
    package func gradients(_ groups: [[Int]]) throws -> [[Float]] {
        try attributions(along: [1]).map { row in groups.map { group in abs(group.reduce(0) { $0 + row[$1] }) } }
    }

    /// |Σ over a group of ⟨x_k, ∫ ∂f_q(αx)/∂x_k dα⟩|, α from 0 to 1: [Q][G].
    package func integratedGradients(_ groups: [[Int]], steps: Int = 16) throws -> [[Float]] {
        try integrated(steps: steps).map { row in groups.map { group in abs(group.reduce(0) { $0 + row[$1] }) } }
    }

    /// The integral for each word, with its sign, by the midpoint rule: [Q][K]. A row sums to f_q(x) − f_q(0), as far as the steps are fine.
    ///
    /// - Source: Sundararajan, Taly & Yan (2017), *Axiomatic Attribution for Deep Networks*, section 3.
    package func integrated(steps: Int) throws -> [[Float]] {
        let places = (0..<steps).map { (Float($0) + 0.5) / Float(steps) }
        var sums: [[Float]] = []
        for start in stride(from: 0, to: steps, by: Self.batchSize) {
            let own = try attributions(along: Array(places[start..<min(start + Self.batchSize, steps)]))
            sums = sums.isEmpty ? own : zip(sums, own).map { zip($0, $1).map { $0 + $1 } }
        }
        return sums.map { row in row.map { $0 / Float(steps) } }
    }

    /// How much each outcome changes without a part of the model, [Q].
    package func effect(of ablation: Ablation) throws -> [Float] {
        let text = vectors.unsqueezed(axis: 0)
        let plain = try outcomes(text).values
        return try withAblation(Ablation.current.union(ablation)) {
            zip(try outcomes(text).values, plain).map { abs($0 - $1) }
        }
    }

    /// The texts that are computed at once.
    private static let batchSize = 16

    /// The vectors with 0 at these words.
    private func erasing(_ words: [Int]) throws -> Tensor {
        let size = vectors.shape[1]
        var values = vectors.values
        for word in words {
            for place in word * size..<(word + 1) * size { values[place] = 0 }
        }
        return try Tensor(values, shape: vectors.shape)
    }

    /// Σ over scales α of ⟨∂f_q(αx)/∂(αx_k), x_k⟩: [Q][K].
    private func attributions(along scales: [Float]) throws -> [[Float]] {
        let (count, size) = (vectors.shape[0], vectors.shape[1])
        let point = try stacked(scales.map { vectors * $0 }).tracked()
        let found = try outcomes(point)
        let own = vectors.values
        return (0..<found.shape[1]).map { row in
            guard found.isTracked, let gradient = found.gradients(ofPlace: row)[point]?.values else {
                return [Float](repeating: 0, count: count)
            }
            return (0..<count).map { word in
                scales.indices.reduce(Float(0)) { sum, scale in
                    let start = (scale * count + word) * size
                    return (0..<size).reduce(sum) { $0 + gradient[start + $1] * own[word * size + $1] }
                }
            }
        }
    }
}

extension Tensor {
    /// The gradients of Σ over texts of the outcome at one place, of outcomes [B, Q].
    func gradients(ofPlace place: Int) -> Gradients {
        gradients(
            upstream: Tensor(shape: shape) { out in
                for index in 0..<shape.elementCount { out[index] = index % shape[1] == place ? 1 : 0 }
            })
    }
}

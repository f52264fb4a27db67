extension AlignmentMap {
    /// Attention rollout: how much of each input token reaches each position after every layer of self-attention.
    ///
    /// A layer passes on half of what its heads look at and half of what was there, by the residual connection, and
    /// layers are chained by the matrix product:
    ///
    ///     A_l = ½ mean over heads of W_l + ½ I, rows divided by their sum
    ///     R_0 = A_0,   R_l = A_l R_{l−1}
    ///
    /// - Returns: a map of one head per layer, `R_l` for layer `l`, with the last layer chosen.
    /// - Throws: `AlignmentError.notSquare` unless there are as many targets as sources.
    /// - Complexity: O(L · K³) for L layers over K tokens.
    /// - Source: Abnar and Zuidema (2020), *Quantifying Attention Flow in Transformers*, equation 1 and section 3.
    public func rollout() throws(AlignmentError) -> AlignmentMap {
        guard source.count == target.count else {
            throw .notSquare(operation: "attention rollout", targetCount: target.count, sourceCount: source.count)
        }
        var rollouts: [[[Float]]] = []
        for heads in weights {
            let layer = withResidual(meanOfHeads(heads))
            rollouts.append(rollouts.last.map { product(layer, $0) } ?? layer)
        }
        return AlignmentMap(
            unchecked: name, source: source, target: target, weights: rollouts.map { [$0] },
            layerNames: layerNames, headNames: ["rollout"], chosen: HeadIndex(layer: layerCount - 1, head: 0))
    }
}

/// Half of what is looked at and half of what was there, rows divided by their sum.
func withResidual(_ weights: [[Float]]) -> [[Float]] {
    weights.enumerated().map { position, row in
        var mixed = row.map { $0 / 2 }
        mixed[position] += 0.5
        return normalized(mixed)
    }
}

private func product(_ left: [[Float]], _ right: [[Float]]) -> [[Float]] {
    left.map { row in
        var sums = [Float](repeating: 0, count: row.count)
        for (weight, passedOn) in zip(row, right) {
            for column in sums.indices { sums[column] += weight * passedOn[column] }
        }
        return sums
    }
}

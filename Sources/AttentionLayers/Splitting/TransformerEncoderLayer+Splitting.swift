import AttentionMechanisms
public import AttentionTensors

/// The queries and keys of all heads of a layer at some places, as sums of what earlier layers have written.
public struct SplitHeads: Sendable {
    /// The queries as they are compared, parts [P, H, N, D].
    public let queries: SplitVectors
    /// The keys as they are compared, parts [P, Hk, N, D].
    public let keys: SplitVectors
}

extension TransformerEncoderLayer {
    /// What the layer makes of a text, by what has written it: each of its heads, its feed-forward network, and all that was there before.
    ///
    /// - Parameter index: the place of the layer among the others.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func split(_ x: SplitState, at index: Int) throws(ShapeError) -> SplitState {
        let attended = try selfAttentionResidual.split(x) { read throws(ShapeError) in
            try selfAttention.split(read, at: index)
        }
        return try feedForwardResidual.split(attended) { read throws(ShapeError) in
            try SplitState(try feedForward(read.all), at: read.places, writtenBy: .feedForward(layer: index))
        }
    }

    /// What the heads of the layer compare with each other when they read a text.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func splitHeads(reading x: SplitState) throws(ShapeError) -> SplitHeads {
        try selfAttention.splitHeads(reading: try selfAttentionResidual.read(x))
    }
}

extension Residual {
    /// What the branch reads.
    fileprivate func read(_ x: SplitState) throws(ShapeError) -> SplitState {
        order == .pre ? try x.normed(by: norm) : x
    }

    /// x with the branch added.
    fileprivate func split(
        _ x: SplitState, _ branch: (SplitState) throws(ShapeError) -> SplitState
    ) throws(ShapeError) -> SplitState {
        let sum = try x.adding(try branch(try read(x)).normed(by: branchNorm))
        return order == .post ? try sum.normed(by: norm) : sum
    }
}

extension MultiHeadAttention {
    /// What each head writes of what it reads.
    fileprivate func split(_ x: SplitState, at index: Int) throws(ShapeError) -> SplitState {
        let context = try context(x.all, try remember(x.all))  // [1, K, H Dv]
        let rows = try context.rows(atPlaces: x.places)
        let (width, size) = (rows.shape[1], rows.shape[1] / headCount)
        let values = rows.values
        let heads = (0..<headCount).map { head in
            // What all other heads have read is 0.
            let own = Tensor(shape: rows.shape) { out in
                for place in values.indices { out[place] = place % width / size == head ? values[place] : 0 }
            }
            return (source: VectorSource.head(head, layer: index), vectors: own)
        }
        return try SplitState(context, at: x.places, try SplitVectors(heads)).mapped { x throws(ShapeError) in
            try output(x)
        }
    }

    fileprivate func splitHeads(reading x: SplitState) throws(ShapeError) -> SplitHeads {
        func positions(_ parts: Tensor) -> Positions {
            .at([[Int]](repeating: x.places, count: parts.shape[0]))
        }
        return SplitHeads(
            queries: try x.split.mapped { parts throws(ShapeError) in
                try mechanism.compared(try query(parts).splitIntoHeads(headCount), positions: positions(parts))
            },
            keys: try x.split.mapped { parts throws(ShapeError) in
                try remember(parts, positions: positions(parts)).keys
            })
    }
}

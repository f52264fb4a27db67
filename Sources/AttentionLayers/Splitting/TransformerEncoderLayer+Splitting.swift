public import AttentionTensors

extension TransformerEncoderLayer {
    /// What the layer makes of a text, by what has written it: each of its heads, its feed-forward network, and all that was there before.
    ///
    /// - Parameter index: the place of the layer among the others.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func split(_ x: SplitState, at index: Int) throws(ShapeError) -> SplitState {
        let attended = try selfAttentionResidual.split(x) { read throws(ShapeError) in
            try selfAttention.split(read) { .head($0, layer: index) }
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

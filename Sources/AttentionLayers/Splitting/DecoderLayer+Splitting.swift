public import AttentionMechanisms
public import AttentionTensors

extension DecoderLayer {
    /// Nothing is known, unless the layer says it.
    public func split(_ x: SplitState, source: Memory, at index: Int) throws(ShapeError) -> SplitState? { nil }

    /// Nothing is known, unless the layer says it.
    public func splitHeads(reading x: SplitState) throws(ShapeError) -> SplitHeads? { nil }

    /// Nothing is known, unless the layer says it.
    public func splitCrossHeads(
        reading x: SplitState, of source: SplitState, at index: Int
    ) throws(ShapeError) -> SplitHeads? { nil }
}

extension TransformerDecoderLayer {
    public func split(_ x: SplitState, source: Memory, at index: Int) throws(ShapeError) -> SplitState? {
        let attended = try crossAttentionResidual.split(try splitOwn(x, at: index)) { read throws(ShapeError) in
            try crossAttention.split(read, looking: source) { .crossHead($0, layer: index) }
        }
        return try feedForwardResidual.split(attended) { read throws(ShapeError) in
            try SplitState(try feedForward(read.all), at: read.places, writtenBy: .feedForward(layer: index))
        }
    }

    public func splitHeads(reading x: SplitState) throws(ShapeError) -> SplitHeads? {
        try selfAttention.splitHeads(reading: try selfAttentionResidual.read(x))
    }

    public func splitCrossHeads(
        reading x: SplitState, of source: SplitState, at index: Int
    ) throws(ShapeError) -> SplitHeads? {
        SplitHeads(
            queries: try crossAttention.splitQueries(
                reading: try crossAttentionResidual.read(try splitOwn(x, at: index))),
            keys: try crossAttention.splitKeys(reading: source))
    }

    /// x behind the self-attention.
    private func splitOwn(_ x: SplitState, at index: Int) throws(ShapeError) -> SplitState {
        try selfAttentionResidual.split(x) { read throws(ShapeError) in
            try selfAttention.split(read) { .head($0, layer: index) }
        }
    }
}

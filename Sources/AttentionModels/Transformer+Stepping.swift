public import AttentionDecoding
public import AttentionLayers
public import AttentionMechanisms
public import AttentionTensors

extension Transformer {
    public typealias State = LayeredState<KeyValueCache>

    public func start(_ source: PaddedBatch) throws(ShapeError) -> State {
        let annotations = try annotations(source)
        var sources: [Memory] = []
        for layer in decoder {
            sources.append(try layer.crossAttention.remember(annotations, lengths: source.lengths))
        }
        return State(
            sources: sources,
            pasts: decoder.map { _ in KeyValueCache(rowCount: source.rowCount, format: pageFormat) },
            rowCount: source.rowCount)
    }

    public func starts(_ sources: [PaddedBatch]) throws(ShapeError) -> [State] { try startsTogether(sources) }

    public func step(
        _ tokens: [[Int]], _ state: inout State, wanting outputs: DecoderOutputs
    ) throws(ShapeError) -> DecoderStep {
        try check(tokens, state)
        let chunk = PaddedBatch(tokens, padding: configuration.special.padding)
        let counts = tokens.allSatisfy { $0.count == chunk.length } ? nil : chunk.lengths
        var x = try embed(chunk, .from(state.pasts.first?.lengths ?? []), training: nil)
        let aligning = outputs.contains(.alignments)
        if aligning { try state.gatherSources() }
        var weights: [Tensor] = []
        for (index, layer) in decoder.enumerated() {
            let read = try layer.placed(at: index).step(
                x, counts: counts, past: &state.pasts[index], source: state.sources[index],
                wanting: aligning ? .source : [])
            x = read.output
            if let looked = read.sourceWeights { weights.append(looked.transposed(1, 2)) }  // [R, T, H, K]
        }
        let hidden = try normed(x, decoderNorm)  // [R, T, M]
        var step = DecoderStep()
        if outputs.contains(.logits) { step.logits = try embedding.logits(try hidden.last(of: chunk.lengths)) }
        if outputs.contains(.allLogits) { step.allLogits = try embedding.logits(hidden) }
        if outputs.contains(.hidden) { step.hidden = hidden }
        if aligning { step.alignments = try stackedLayers(weights, headAxis: 2, axis: 2) }
        return step
    }
}

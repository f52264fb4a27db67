public import AttentionDecoding
public import AttentionLayers
import AttentionMechanisms
public import AttentionTensors

extension TextDecoder: StepDecoder {
    public typealias State = LayeredState<Layer.Past>

    /// Before the first id, one row for each row of annotations [B, K, M].
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func start(_ annotations: Tensor, present: Presence) throws(ShapeError) -> State {
        let rowCount = annotations.shape[0]
        return State(
            sources: try remember(annotations, present: present), pasts: layers.map { $0.past(rowCount: rowCount) },
            rowCount: rowCount)
    }

    public func step(
        _ tokens: [[Int]], _ state: inout State, wanting outputs: DecoderOutputs
    ) throws(ShapeError) -> DecoderStep {
        try check(tokens, state)
        let chunk = PaddedBatch(tokens, padding: tokens[0][0])
        let counts = tokens.allSatisfy { $0.count == chunk.length } ? nil : chunk.lengths
        let batch = try TokenBatch(ids: chunk.ids, rowCount: chunk.rowCount, length: chunk.length)
        var x = try embeddings(batch, behind: state.pasts.first?.lengths, training: nil)
        let aligning = outputs.contains(.alignments)
        if aligning { try state.gatherSources() }
        var weights: [Tensor] = []
        for (index, layer) in sharing.enumerated() {
            let read = try layer.placed(at: index).step(
                x, counts: counts, past: &state.pasts[index], source: state.sources[index],
                wanting: aligning ? .source : [])
            x = read.output
            if let looked = read.sourceWeights { weights.append(looked.transposed(1, 2)) }  // [R, T, H, K]
        }
        let hidden = try finished(x)  // [R, T, M]
        var step = DecoderStep()
        if outputs.contains(.logits) { step.logits = try logits(try hidden.last(of: chunk.lengths)) }
        if outputs.contains(.allLogits) { step.allLogits = try logits(hidden) }
        if outputs.contains(.hidden) { step.hidden = try prepared(hidden) }
        if aligning { step.alignments = try stacked(weights, axis: 2) }
        return step
    }
}

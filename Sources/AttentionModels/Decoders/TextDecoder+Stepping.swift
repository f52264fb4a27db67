public import AttentionDecoding
import AttentionLayers
import AttentionMechanisms
public import AttentionTensors

extension TextDecoder: StepDecoder {
    /// What the decoder remembers for R hypotheses.
    public struct State: JoinableState, PartableState {
        /// The source as each layer sees it, R rows, those of one source read where it lies.
        fileprivate var sources: [Memory]
        /// Which source each row looks at.
        fileprivate var sourceRows: SourceRows
        /// What each layer remembers of the target so far.
        fileprivate var pasts: [Layer.Past]

        public var rowCount: Int { sourceRows.count }

        public func selecting(_ rows: [Int]) throws(ShapeError) -> State {
            if rows.elementsEqual(0..<rowCount) { return self }
            if let outside = rows.first(where: { $0 < 0 || $0 >= rowCount }) {
                throw ShapeError("selecting", expected: "rows below \(rowCount)", found: "\(outside)")
            }
            var result = self
            result.sourceRows = sourceRows.selecting(rows)
            for layer in pasts.indices {
                result.pasts[layer] = try pasts[layer].selecting(rows)
                if result.sourceRows != sourceRows { result.sources[layer] = try sources[layer].selecting(rows) }
            }
            return result
        }

        public static func joining(_ states: [State]) throws(ShapeError) -> State {
            guard var result = states.first, states.allSatisfy({ $0.pasts.count == result.pasts.count }) else {
                throw ShapeError(
                    "joining", expected: "states of one model, at least one",
                    found: "\(states.map(\.pasts.count)) layers")
            }
            result.sourceRows = .joining(states.map(\.sourceRows))
            for layer in result.pasts.indices {
                result.pasts[layer] = try .joining(states.map { $0.pasts[layer] })
                result.sources[layer] = try .joining(states.map { $0.sources[layer] })
            }
            return result
        }

        func parted(_ rows: Range<Int>, sourceLength: Int) throws(ShapeError) -> State {
            var result = self
            result.sourceRows = SourceRows(count: rows.count)
            for layer in pasts.indices {
                result.pasts[layer] = try pasts[layer].selecting(Array(rows))
                result.sources[layer] = try sources[layer].parted(rows, keyCount: sourceLength)
            }
            return result
        }

        public var alignedLength: Int? { sources.first?.keyCount }

        /// Brings the sources of all rows together, for alignments, which want them so; once until rows change their sources.
        fileprivate mutating func gatherSources() throws(ShapeError) {
            for layer in sources.indices { sources[layer] = try sources[layer].gathered() }
        }
    }

    /// Before the first id, one row for each row of annotations [B, K, M].
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func start(_ annotations: Tensor, present: Presence) throws(ShapeError) -> State {
        let rowCount = annotations.shape[0]
        return State(
            sources: try remember(annotations, present: present), sourceRows: SourceRows(count: rowCount),
            pasts: layers.map { $0.past(rowCount: rowCount) })
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

public import AttentionDecoding
import AttentionLayers
import AttentionMechanisms
public import AttentionTensors

extension Transformer {
    /// What the decoder remembers for R hypotheses.
    public struct State: JoinableState, PartableState {
        /// The source as each layer sees it, R rows, those of one source read where it lies.
        fileprivate var sources: [Memory]
        /// Which source each row translates.
        fileprivate var sourceRows: SourceRows
        /// What each layer has read of the target so far.
        fileprivate var targets: [KeyValueCache]

        public var rowCount: Int { sourceRows.count }

        public func selecting(_ rows: [Int]) throws(ShapeError) -> State {
            if rows.elementsEqual(0..<rowCount) { return self }
            if let outside = rows.first(where: { $0 < 0 || $0 >= rowCount }) {
                throw ShapeError("selecting", expected: "rows below \(rowCount)", found: "\(outside)")
            }
            var result = self
            result.sourceRows = sourceRows.selecting(rows)
            for layer in targets.indices {
                result.targets[layer] = try targets[layer].selecting(rows)
                if result.sourceRows != sourceRows { result.sources[layer] = try sources[layer].selecting(rows) }
            }
            return result
        }

        public static func joining(_ states: [State]) throws(ShapeError) -> State {
            guard var result = states.first, states.allSatisfy({ $0.targets.count == result.targets.count }) else {
                throw ShapeError(
                    "joining", expected: "states of one model, at least one",
                    found: "\(states.map(\.targets.count)) layers")
            }
            result.sourceRows = .joining(states.map(\.sourceRows))
            for layer in result.targets.indices {
                result.targets[layer] = try .joining(states.map { $0.targets[layer] })
                result.sources[layer] = try .joining(states.map { $0.sources[layer] })
            }
            return result
        }

        func parted(_ rows: Range<Int>, sourceLength: Int) throws(ShapeError) -> State {
            var result = self
            result.sourceRows = SourceRows(count: rows.count)
            for layer in targets.indices {
                result.targets[layer] = try targets[layer].selecting(Array(rows))
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

    public func start(_ source: PaddedBatch) throws(ShapeError) -> State {
        let annotations = try annotations(source)
        var sources: [Memory] = []
        for layer in decoder {
            sources.append(try layer.crossAttention.remember(annotations, lengths: source.lengths))
        }
        return State(
            sources: sources, sourceRows: SourceRows(count: source.rowCount),
            targets: decoder.map { _ in KeyValueCache(rowCount: source.rowCount, format: pageFormat) })
    }

    public func starts(_ sources: [PaddedBatch]) throws(ShapeError) -> [State] { try startsTogether(sources) }

    public func step(
        _ tokens: [[Int]], _ state: inout State, wanting outputs: DecoderOutputs
    ) throws(ShapeError) -> DecoderStep {
        try check(tokens, state)
        let chunk = PaddedBatch(tokens, padding: configuration.special.padding)
        let counts = tokens.allSatisfy { $0.count == chunk.length } ? nil : chunk.lengths
        var x = try embed(chunk, .from(state.targets.first?.lengths ?? []), training: nil)
        let aligning = outputs.contains(.alignments)
        if aligning { try state.gatherSources() }
        var weights: [Tensor] = []
        for (index, layer) in decoder.enumerated() {
            let read = try layer.placed(at: index).step(
                x, counts: counts, past: &state.targets[index], source: state.sources[index],
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

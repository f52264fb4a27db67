/// Where a model looked in one pair of texts at several times, such as the validations of its training.
public struct TraceReplay: Sendable, Equatable {
    /// After how many updates each trace was made, ascending.
    public let updates: [Int]
    /// The traces: the same pieces, layers and heads at all times.
    public let traces: [ModelTrace]
    /// What heads are called, where they are no heads of the model but the mean of several.
    public let headNames: [String]?

    /// Puts traces in their order.
    /// - Throws: `TraceError.nothing` if there are none; `.otherTrace` if they are not of the same pieces and heads.
    public init(_ steps: [(update: Int, trace: ModelTrace)]) throws(TraceError) {
        let steps = steps.sorted { $0.update < $1.update }
        guard let first = steps.first?.trace else { throw .nothing }
        for (update, trace) in steps {
            let isSame =
                trace.sequences == first.sequences
                && trace.attention.map(\.withoutWeights) == first.attention.map(\.withoutWeights)
            guard isSame else {
                throw .otherTrace(
                    expected: "traces of one pair of texts",
                    found: "another after \(update) updates than after \(steps[0].update)")
            }
        }
        self.init(updates: steps.map(\.update), traces: steps.map(\.trace), headNames: nil)
    }

    private init(updates: [Int], traces: [ModelTrace], headNames: [String]?) {
        (self.updates, self.traces, self.headNames) = (updates, traces, headNames)
    }

    /// The same with the mean of the heads of each layer instead of its heads, which keeps a page small.
    public func averagingHeads() -> TraceReplay {
        TraceReplay(
            updates: updates, traces: traces.map { trace in trace.changing { part in trace.averagingHeads(of: part) } },
            headNames: ["mean"])
    }

    /// The same with these layers and heads alone, counted from 0; all of them if nil.
    /// - Throws: `TraceError.outside` if one is not among those that are kept.
    public func keeping(layers: [Int]?, heads: [Int]?) throws(TraceError) -> TraceReplay {
        for part in traces[0].attention {
            for (list, wanted, known) in [("layers", layers, part.layers), ("heads", heads, part.heads)] {
                guard let other = wanted?.first(where: { !known.contains($0) }) else { continue }
                throw .outside(
                    part: "\(list) of \(part.kind.rawValue)", found: "\(other + 1)",
                    limit: "among " + known.map { "\($0 + 1)" }.joined(separator: ", "))
            }
        }
        return TraceReplay(
            updates: updates,
            traces: traces.map { trace in
                trace.changing { trace.keeping(layers: layers ?? $0.layers, heads: heads ?? $0.heads, of: $0) }
            }, headNames: headNames)
    }
}

extension TracedAttention {
    fileprivate var withoutWeights: TracedAttention {
        TracedAttention(
            kind: kind, queries: queries, keys: keys, layers: layers, heads: heads, chosen: chosen,
            structure: structure, top: top, weights: [Float(weights.count)])
    }
}

extension ModelTrace {
    /// The trace with other attention between the same pieces.
    fileprivate func changing(_ change: (TracedAttention) -> TracedAttention) -> ModelTrace {
        ModelTrace(unchecked: name, sequences: sequences, attention: attention.map(change))
    }

    fileprivate func averagingHeads(of part: TracedAttention) -> TracedAttention {
        let size = part.weights.count / (part.layers.count * part.heads.count)
        let weights = part.layers.indices.flatMap { layer in
            (0..<size).map { place in
                part.heads.indices.reduce(Float(0)) {
                    $0 + part.weights[(layer * part.heads.count + $1) * size + place]
                } / Float(part.heads.count)
            }
        }
        return TracedAttention(
            kind: part.kind, queries: part.queries, keys: part.keys, layers: part.layers, heads: [0],
            structure: part.structure, weights: weights)
    }

    fileprivate func keeping(layers: [Int], heads: [Int], of part: TracedAttention) -> TracedAttention {
        let size = part.weights.count / (part.layers.count * part.heads.count)
        let places = part.layers.enumerated().filter { layers.contains($0.element) }.flatMap { layer, _ in
            part.heads.enumerated().filter { heads.contains($0.element) }.map { layer * part.heads.count + $0.offset }
        }
        return TracedAttention(
            kind: part.kind, queries: part.queries, keys: part.keys, layers: part.layers.filter(layers.contains),
            heads: part.heads.filter(heads.contains), structure: part.structure, top: part.top,
            weights: places.flatMap { part.weights[$0 * size..<($0 + 1) * size] })
    }
}

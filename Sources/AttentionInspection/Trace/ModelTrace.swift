/// Where a model looked while it read or wrote one text: the pieces, and the weights of the heads that were asked for.
///
/// On disk it is a safetensors file: a tensor [layers, heads, Q, K] for each kind of attention, under the kind's name, and beside them, as
/// `trace` among the file's notes, a JSON header with everything else (`ModelTrace.Header`).
public struct ModelTrace: Sendable, Equatable {
    /// The version of the form on disk.
    public static let version = 1

    /// What was looked into, e.g. the name of the model. A title, nothing more.
    public let name: String
    /// The sequences, each with its pieces.
    public let sequences: [TracedSequence]
    /// The attention between them, each kind at most once.
    public let attention: [TracedAttention]

    /// Checks and keeps the parts of a trace.
    ///
    /// - Throws: `TraceError` where a kind stands twice, a sequence or the chosen head does not exist, there are not Q × K weights for each
    ///   head, or a weight is negative, infinite or not a number.
    public init(name: String, sequences: [TracedSequence], attention: [TracedAttention]) throws(TraceError) {
        (self.name, self.sequences, self.attention) = (name, sequences, attention)
        var seen: Set<TracedAttention.Kind> = []
        for part in attention {
            guard seen.insert(part.kind).inserted else { throw .twice(part.kind.rawValue) }
            try check(part)
        }
        guard !attention.isEmpty else { throw .nothing }
    }

    /// Keeps parts that are known to fit.
    init(unchecked name: String, sequences: [TracedSequence], attention: [TracedAttention]) {
        (self.name, self.sequences, self.attention) = (name, sequences, attention)
    }

    private func check(_ part: TracedAttention) throws(TraceError) {
        let kind = part.kind.rawValue
        for place in [part.queries, part.keys] where !sequences.indices.contains(place) {
            throw .outside(part: "sequences of \(kind)", found: "\(place)", limit: "below \(sequences.count)")
        }
        for (list, indices) in [("layers", part.layers), ("heads", part.heads)] {
            guard !indices.isEmpty, indices.allSatisfy({ $0 >= 0 }), Set(indices).count == indices.count else {
                throw .outside(
                    part: "\(list) of \(kind)", found: "\(indices)", limit: "different numbers from 0, at least one")
            }
        }
        if let chosen = part.chosen, !part.layers.contains(chosen.layer) || !part.heads.contains(chosen.head) {
            throw .outside(
                part: "chosen head of \(kind)", found: "layer \(chosen.layer), head \(chosen.head)",
                limit: "among those that were looked into")
        }
        if let top = part.top, top < 1 {
            throw .outside(part: "greatest weights of each row of \(kind)", found: "\(top)", limit: "at least 1")
        }
        let count = part.layers.count * part.heads.count * size(of: part)
        guard part.weights.count == count else {
            throw .count(
                part: "weights of \(kind), one for each pair of pieces in each head", expected: count,
                found: part.weights.count)
        }
        if let wrong = part.weights.first(where: { !($0 >= 0 && $0.isFinite) }) {
            throw .outside(part: "weights of \(kind)", found: "\(wrong)", limit: "finite and not negative")
        }
    }

    /// Q · K.
    private func size(of part: TracedAttention) -> Int {
        sequences[part.queries].pieces.count * sequences[part.keys].pieces.count
    }

    /// The attention of a kind.
    /// - Throws: `TraceError.noKind` if the trace has none.
    public func part(_ kind: TracedAttention.Kind) throws(TraceError) -> TracedAttention {
        guard let part = attention.first(where: { $0.kind == kind }) else {
            throw .noKind(kind.rawValue, known: attention.map(\.kind.rawValue))
        }
        return part
    }

    /// The pieces that look.
    public func queries(of part: TracedAttention) -> TracedSequence { sequences[part.queries] }

    /// The pieces that are looked at.
    public func keys(of part: TracedAttention) -> TracedSequence { sequences[part.keys] }
}

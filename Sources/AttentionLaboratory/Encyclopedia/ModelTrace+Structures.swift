public import AttentionInspection
import AttentionTensors
public import AttentionVariants

extension ModelTrace {
    /// A tree over a text: how probably each word of the first item hangs from each other, its head. What is missing to 1 hangs from the root.
    /// - Throws: `TraceError` unless there are as many words as the alignment has.
    public init(name: String, words: [String], _ alignment: DependencyAlignment) throws(TraceError) {
        let length = alignment.arcs.shape[1]
        let arcs = alignment.arcs.values.prefix(length * length)
        // Words look at their heads, which the alignment has first.
        let weights = (0..<length * length).map { arcs[$0 % length * length + $0 / length] }
        try self.init(
            name: name, sequences: [try TracedSequence(name: "text", pieces: words)],
            attention: [Self.oneHead(.encoder, .arcs, weights)])
    }

    /// Segments of what is read: how probably each query of the first item reads each key.
    /// - Throws: `TraceError` unless there are as many words as the alignment has.
    public init(
        name: String, reading queries: [String], of keys: [String], _ alignment: SelectionAlignment
    ) throws(TraceError) {
        let (height, width) = (alignment.weights.shape[1], alignment.weights.shape[2])
        try self.init(
            name: name, reading: queries, of: keys,
            Self.oneHead(.cross, .segments, Array(alignment.weights.values.prefix(height * width))))
    }

    /// Hard attention: what each head of the first item has drawn, 1 at one key and 0 at all others.
    /// - Throws: `TraceError` unless there are as many words as the sample has.
    public init(
        name: String, reading queries: [String], of keys: [String], _ sample: HardSample
    ) throws(TraceError) {
        let shape = sample.weights.shape
        let (height, width) = (shape[2], shape[3])
        let weights = sample.indices.prefix(shape[1] * height).flatMap { drawn in
            (0..<width).map { $0 == drawn ? Float(1) : 0 }
        }
        try self.init(
            name: name, reading: queries, of: keys,
            TracedAttention(
                kind: .cross, queries: 1, keys: 0, layers: [0], heads: Array(0..<shape[1]), weights: weights))
    }

    private init(
        name: String, reading queries: [String], of keys: [String], _ part: TracedAttention
    ) throws(TraceError) {
        try self.init(
            name: name,
            sequences: [
                try TracedSequence(name: "source", pieces: keys), try TracedSequence(name: "target", pieces: queries),
            ], attention: [part])
    }

    private static func oneHead(
        _ kind: TracedAttention.Kind, _ structure: TracedAttention.Structure, _ weights: [Float]
    ) -> TracedAttention {
        TracedAttention(
            kind: kind, queries: kind == .encoder ? 0 : 1, keys: 0, layers: [0], heads: [0], structure: structure,
            // Marginals of nothing may fall a rounding below it.
            weights: weights.map { max(0, $0) })
    }
}

public import AttentionLayers
public import AttentionMechanisms
public import AttentionTensors

/// Embeddings, causal layers one after the other, and a norm: what GPT-2, Llama and their relatives are without the output map.
public struct CausalDecoder: Module {
    /// A vector for each id.
    public var words: Embedding
    /// What these vectors are multiplied by.
    public var wordScale: Float
    /// A vector for each position; nil where positions are told apart in the layers.
    public var positions: LearnedPositions?
    /// The layers.
    public var layers: [CausalLayer]
    /// The norm behind the last of them.
    public var norm: any Norm
    /// The most ids in a row that the model was made for; nil if nothing is said.
    public internal(set) var lengthLimit: Int?
    /// What the length of a text has to do with how it is read.
    public let lengthDependence: LengthDependence
    /// The probability of dropping an element of the embeddings in training.
    public let dropout: Float

    /// What the length of the longest text in a batch decides for all of its rows.
    public enum LengthDependence: Sendable, Hashable {
        /// Nothing.
        case none
        /// The frequencies of rotary embeddings for what is new (dynamic scaling).
        case growing
        /// Beyond so many tokens, rotary embeddings have other frequencies (LongRoPE).
        case beyond(Int)
    }

    /// A decoder of these parts.
    public init(
        words: Embedding, wordScale: Float = 1, positions: LearnedPositions? = nil, layers: [CausalLayer],
        norm: any Norm, lengthLimit: Int?, lengthDependence: LengthDependence = .none, dropout: Float = 0
    ) {
        (self.words, self.wordScale, self.positions) = (words, wordScale, positions)
        (self.layers, self.norm, self.lengthLimit) = (layers, norm, lengthLimit)
        (self.lengthDependence, self.dropout) = (lengthDependence, dropout)
    }

    /// What the layers make of a batch.
    public struct Output: Sendable {
        /// Under the last norm, [B, L, M].
        public let last: Tensor
        /// The embeddings, then what every layer gives on, of the last layer `last`; empty unless asked for.
        public let hiddenStates: [Tensor]
        /// Where the chosen heads of the chosen layers look.
        public let attentions: [LayerAttention]
    }

    /// A batch [B, L], read at once.
    /// - Parameter key: the source of dropout; nil when not training.
    /// - Throws: `ShapeError` if an id or a position is out of range.
    public func callAsFunction(
        _ batch: TokenBatch, observing: Observation = .nothing, training key: RandomKey? = nil
    ) throws(ShapeError) -> Output {
        let shape: Shape = [batch.rowCount, batch.length]
        return try self(
            scaled(try words.weight.rows(batch.ids, shape: shape)), present: batch.present, positions: batch.positions,
            observing: observing, training: key)
    }

    /// Vectors [B, L, M] instead of ids, read at once.
    /// - Parameters:
    ///   - present: which of them are real.
    ///   - places: where they stand; nil: where they are.
    ///   - key: the source of dropout; nil when not training.
    /// - Throws: `ShapeError` if a position is out of range.
    public func callAsFunction(
        _ vectors: Tensor, present: Presence, positions places: Positions? = nil, observing: Observation = .nothing,
        training key: RandomKey? = nil
    ) throws(ShapeError) -> Output {
        var x = try positioned(vectors, places ?? .from(0))
        if let key { x = x.dropout(dropout, key: key[0]) }
        let chosen = observing.attentions
        var (states, attentions): ([Tensor], [LayerAttention]) = ([x], [])
        for (index, layer) in layers.enumerated() {
            let (layer, key) = (layer.placed(at: index), key?[1][index])
            if chosen.contains(layer: index) {
                let output = try layer(x, present: present, places: places, aligning: true, training: key)
                x = output.output
                if let weights = output.weights {
                    attentions.append(try LayerAttention(layer: index, of: weights, heads: chosen.heads))
                }
            } else {
                x = try x.passed { x throws(ShapeError) in
                    try layer(x, present: present, places: places, training: key).output
                }
            }
            states.append(x)
        }
        let last = try norm(x)
        let kept = observing.hiddenStates ? states.dropLast() + [last] : []
        return Output(last: last, hiddenStates: kept, attentions: attentions)
    }

    /// The heads of each layer, which can be left out.
    public var heads: HeadCounts { HeadCounts(decoder: layers.map(\.selfAttention.headCount)) }

    /// The vectors that the first layer reads, [B, L, M].
    func embed(_ ids: [Int], shape: Shape, _ places: Positions) throws(ShapeError) -> Tensor {
        try positioned(scaled(try words.weight.rows(ids, shape: shape)), places)
    }

    func scaled(_ vectors: Tensor) -> Tensor { wordScale == 1 ? vectors : vectors * wordScale }

    private func positioned(_ vectors: Tensor, _ places: Positions) throws(ShapeError) -> Tensor {
        guard let positions else { return vectors }
        return try positions(vectors, positions: places)
    }

    /// `words`, `positions` if there are any, `layers.0.…` and `norm`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try words.visit(&visitor, path / "words")
        try positions.visit(&visitor, path / "positions")
        try layers.visit(&visitor, path / "layers")
        try norm.visit(&visitor, path / "norm")
    }
}

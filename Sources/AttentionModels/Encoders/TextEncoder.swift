public import AttentionLayers
public import AttentionTensors

/// Reads whole rows of ids at once: BERT and its relatives.
public protocol TextEncoder: Module {
    /// M, the size of what it gives for every id.
    var modelSize: Int { get }
    /// The vectors of the vocabulary, which heads for masked words are tied to.
    var words: Embedding { get }
    /// The most ids in a row; nil if there is no limit.
    var lengthLimit: Int? { get }
    /// How many times a row passes through a layer.
    var layerCount: Int { get }
    /// The heads of a layer.
    var headCount: Int { get }
    /// Whether it reads batches with several texts in a row, `TokenBatch.texts`, as if each stood alone.
    var keepsTextsApart: Bool { get }
    /// What the encoder makes of a batch.
    /// - Parameter key: the source of dropout; nil when not training.
    /// - Throws: `ShapeError` if an id, a type or a position is out of range.
    func encode(
        _ batch: TokenBatch, observing: Observation, training key: RandomKey?
    ) throws(ShapeError) -> EncoderOutput

    /// What the heads of a layer compare at some places of a batch of one row, by what has written it; nil where that is not known.
    /// - Throws: `ShapeError` if there is no such place.
    func splitHeads(_ batch: TokenBatch, at places: [Int], ofLayer index: Int) throws(ShapeError) -> SplitHeads?

    /// What the encoder makes of a batch of one row, by what has written it at some places; nil where that is not known.
    /// - Throws: `ShapeError` if there is no such place.
    func split(_ batch: TokenBatch, at places: [Int]) throws(ShapeError) -> SplitState?
}

extension TextEncoder {
    public var keepsTextsApart: Bool { false }

    /// Nothing is known, unless the encoder says it.
    public func split(_ batch: TokenBatch, at places: [Int]) throws(ShapeError) -> SplitState? { nil }

    /// Nothing is known, unless the encoder says it.
    public func splitHeads(_ batch: TokenBatch, at places: [Int], ofLayer index: Int) throws(ShapeError) -> SplitHeads?
    {
        nil
    }

    /// The heads of each layer, which can be left out.
    public var heads: HeadCounts { HeadCounts(encoder: [Int](repeating: headCount, count: layerCount)) }
}

/// What an encoder makes of a batch.
public struct EncoderOutput: Sendable {
    /// A vector for every id, [B, L, M].
    public let last: Tensor
    /// What every layer gives on, the embeddings first; empty unless asked for.
    public let hiddenStates: [Tensor]
    /// Where the chosen heads of the chosen layers look.
    public let attentions: [LayerAttention]

    /// An output of these parts.
    public init(last: Tensor, hiddenStates: [Tensor], attentions: [LayerAttention]) {
        (self.last, self.hiddenStates, self.attentions) = (last, hiddenStates, attentions)
    }
}

/// Where chosen heads of a layer look.
public struct LayerAttention: Sendable {
    /// The layer, counted from 0.
    public let layer: Int
    /// [B, heads, L, L], the heads in the order in which they were chosen.
    public let weights: Tensor

    /// Where heads of this layer look.
    public init(layer: Int, weights: Tensor) { (self.layer, self.weights) = (layer, weights) }

    /// Where the chosen ones of all heads of this layer look, [B, H, Q, K].
    /// - Throws: `ShapeError` if there is no such head.
    init(layer: Int, of all: Tensor, heads: [Int]?) throws(ShapeError) {
        guard let heads else {
            self.init(layer: layer, weights: all)
            return
        }
        var chosen: [Tensor] = []
        for head in heads { chosen.append(try all.at(head, axis: 1)) }
        self.init(layer: layer, weights: try stacked(chosen, axis: 1))
    }
}

/// What is kept while layers follow each other.
struct EncoderRecord {
    let observing: Observation
    private(set) var hiddenStates: [Tensor] = []
    private(set) var attentions: [LayerAttention] = []
    private var passCount = 0

    init(_ observing: Observation) { self.observing = observing }

    /// Keeps a state, if states are asked for.
    mutating func keep(_ x: Tensor) {
        if observing.hiddenStates { hiddenStates.append(x) }
    }

    /// What a layer makes of x, its weights kept if they are asked for.
    mutating func pass(
        _ x: Tensor, through layer: TransformerEncoderLayer, present: Presence, places: Tensor? = nil,
        training key: RandomKey?
    ) throws(ShapeError) -> Tensor {
        defer { passCount += 1 }
        let layer = layer.placed(at: passCount)
        guard observing.attentions.contains(layer: passCount) else {
            return try layer(x, present: present, places: places, training: key)
        }
        let (output, weights) = try layer.observe(
            x, heads: observing.attentions.heads, present: present, places: places, training: key)
        attentions.append(LayerAttention(layer: passCount, weights: weights))
        return output
    }
}

import AttentionLayers
public import AttentionTensors

/// What is to be seen of a model that reads a sequence and writes another.
public struct SequenceObservation: Sendable, Hashable {
    /// Who looks at whom.
    public struct Kinds: OptionSet, Sendable, Hashable {
        public let rawValue: Int

        public init(rawValue: Int) { self.rawValue = rawValue }

        /// Where source positions look among themselves.
        public static let encoder = Kinds(rawValue: 1)
        /// Where target positions look among those before them.
        public static let decoder = Kinds(rawValue: 2)
        /// Where target positions look in the source.
        public static let cross = Kinds(rawValue: 4)
        /// All three.
        public static let all: Kinds = [.encoder, .decoder, .cross]
    }

    /// Who looks at whom.
    public let kinds: Kinds
    /// Which heads of which layers, on both sides; a layer that only one side has is seen there.
    public let heads: AttentionSelection

    /// These heads of these kinds.
    public init(_ kinds: Kinds = .all, heads: AttentionSelection = .all) { (self.kinds, self.heads) = (kinds, heads) }

    /// The heads of one kind; none unless it is looked at.
    func heads(of kind: Kinds) -> AttentionSelection { kinds.contains(kind) ? heads : .none }

    /// What a decoder layer is asked for.
    func weights(ofLayer layer: Int) -> DecoderWeights {
        var wanted: DecoderWeights = []
        if heads(of: .decoder).contains(layer: layer) { wanted.insert(.target) }
        if heads(of: .cross).contains(layer: layer) { wanted.insert(.source) }
        return wanted
    }
}

/// How many layers and heads of a model can be looked into.
public struct AttentionExtent: Sendable, Hashable {
    /// Layers that read.
    public let encoderLayerCount: Int
    /// Layers that write.
    public let decoderLayerCount: Int
    /// The heads of each.
    public let headCount: Int

    /// So many.
    public init(encoderLayerCount: Int, decoderLayerCount: Int, headCount: Int) {
        (self.encoderLayerCount, self.decoderLayerCount) = (encoderLayerCount, decoderLayerCount)
        self.headCount = headCount
    }

    /// Checks that there is on one side or the other what is chosen.
    /// - Throws: `PretrainedError.unknownAttention` naming what there is not.
    public func check(_ heads: AttentionSelection) throws(PretrainedError) {
        try heads.check(layerCount: max(encoderLayerCount, decoderLayerCount), headCount: headCount)
    }
}

/// Where heads of a model look that reads a sequence and writes another; empty where nothing looks, or nobody asked.
public struct SequenceAttention: Sendable {
    /// Among the source, [B, heads, K, K].
    public var encoder: [LayerAttention] = []
    /// Among the target before, [B, heads, T, T].
    public var decoder: [LayerAttention] = []
    /// In the source, [B, heads, T, K].
    public var cross: [LayerAttention] = []
    /// What every position of the target has seen, before the output map, [B · T, M]: what `hiddenStates` gives, from the same pass; nil of a model
    /// that looks at nothing.
    public var hidden: Tensor?

    /// Nothing was seen.
    public init() {}

    /// Keeps the weights of a decoder layer that were asked for.
    mutating func keep(_ output: DecoderLayerOutput, ofLayer layer: Int, heads: [Int]?) throws(ShapeError) {
        if let weights = output.targetWeights {
            decoder.append(try LayerAttention(layer: layer, of: weights, heads: heads))
        }
        if let weights = output.sourceWeights {
            cross.append(try LayerAttention(layer: layer, of: weights, heads: heads))
        }
    }
}

extension SequenceToSequence {
    /// Where each decoder layer and head looks in the source when the target is given: [B, L, H, T, K]; nil without attention.
    /// - Throws: `ShapeError` if an id is outside the vocabulary.
    public func alignments(_ batch: SequencePairBatch) throws(ShapeError) -> Tensor? {
        let seen = try attention(batch, observing: SequenceObservation(.cross))
        return seen.cross.isEmpty ? nil : try stackedLayers(seen.cross.map(\.weights), headAxis: 1, axis: 1)
    }
}

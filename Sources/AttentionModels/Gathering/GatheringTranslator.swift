public import AttentionDecoding
public import AttentionLayers
public import AttentionTensors

/// A translator that several threads use at once: sources that come at about the same time are read together, and steps that searches want at about the
/// same time are taken together, so that the weights pass through the processor once for all of them.
///
/// Whoever searches does it as if the model were there for it alone, by any search and with any rules, and may begin and end at any step of the
/// others. What it finds does not depend on them: each row looks at its own source where that lies, with its own padding and no other.
///
/// ```swift
/// let model = GatheringTranslator(base)          // copies share their company
/// ```
///
/// *Source:* Yu et al. 2022, *Orca: A Distributed Serving System for Transformer-Based Generative Models*, sec. 4.1 (iteration-level
/// scheduling). `GatheringModel` is the same for models that continue text.
public struct GatheringTranslator<Base: SequenceToSequence>: SequenceToSequence {
    public typealias State = Base.State

    /// What reads and writes.
    public private(set) var base: Base
    private var company: GatheredCalls<GatheredTranslation<Base>>

    /// A model whose copies, from now on, step together.
    public init(_ base: Base) { (self.base, company) = (base, Self.company(base)) }

    private static func company(_ base: Base) -> GatheredCalls<GatheredTranslation<Base>> {
        GatheredCalls { calls in GatheredTranslation.advanceTogether(&calls, base) }
    }

    public func start(_ source: PaddedBatch) throws(ShapeError) -> State {
        // As for steps: in `exact` nobody's last bit may depend on others.
        guard source.rowCount > 0, Precision.current != .exact, !MultiHeadAttention.isPlaced else {
            return try base.start(source)
        }
        guard case .start(let start) = company.answer(.start(GatheredStart(source))), let found = start.answer else {
            throw .withdrawn("start")
        }
        return try found.get()
    }

    public func starts(_ sources: [PaddedBatch]) throws(ShapeError) -> [State] { try base.starts(sources) }

    public func step(
        _ tokens: [[Int]], _ state: inout State, wanting outputs: DecoderOutputs
    ) throws(ShapeError) -> DecoderStep {
        try company.step(tokens, &state, of: base, wanting: outputs)
    }

    /// Those of the base. Whoever visits leaves its company, since its weights may be others afterwards.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        defer { company = Self.company(base) }
        try base.visit(&visitor, path)
    }
}

extension GatheringTranslator {
    public var heads: HeadCounts { base.heads }
    public var layerCount: Int { base.layerCount }
    public var outputWeight: Parameter { base.outputWeight }
    public var outputBias: Parameter? { base.outputBias }
    public var attentionExtent: AttentionExtent { base.attentionExtent }

    public func hiddenStates(_ batch: SequencePairBatch, training key: RandomKey?) throws(ShapeError) -> Tensor {
        try base.hiddenStates(batch, training: key)
    }

    public func attention(
        _ batch: SequencePairBatch, observing: SequenceObservation
    ) throws(ShapeError) -> SequenceAttention {
        try base.attention(batch, observing: observing)
    }

    public func annotations(_ source: PaddedBatch) throws(ShapeError) -> Tensor { try base.annotations(source) }

    public func splitEncoderHeads(
        _ source: PaddedBatch, at places: [Int], ofLayer index: Int
    ) throws(ShapeError) -> SplitHeads? {
        try base.splitEncoderHeads(source, at: places, ofLayer: index)
    }

    public func splitDecoderHeads(
        _ batch: SequencePairBatch, _ kind: AttentionKind, at places: SplitPlaces
    ) throws(ShapeError) -> SplitHeads? {
        try base.splitDecoderHeads(batch, kind, at: places)
    }
}

public import AttentionDecoding
public import AttentionLayers
public import AttentionMechanisms
public import AttentionTensors

/// A causal decoder and the map from what it makes of a text to what may come next.
public struct CausalLanguageModel: LanguageModel {
    /// What reads.
    public var decoder: CausalDecoder
    /// The output map; nil where it is the embeddings.
    public var head: Linear?
    /// The bound that logits are squeezed into, cap · tanh(logit / cap); nil for none (Gemma Team 2024, *Gemma 2*, sec. 2).
    public let logitCap: Float?

    /// A model of these parts.
    public init(decoder: CausalDecoder, head: Linear?, logitCap: Float? = nil) {
        (self.decoder, self.head, self.logitCap) = (decoder, head, logitCap)
    }

    public static var inputNames: [String] { CausalBackbone.inputNames }

    public var languageModel: (any LanguageModel)? { self }
    public var heads: HeadCounts { decoder.heads }

    public var vocabularySize: Int { decoder.words.weight.shape[0] }
    public var lengthLimit: Int? { decoder.lengthLimit }
    public var dependsOnLongestText: Bool { decoder.lengthDependence != .none }

    /// What may come next, [..., M] → [..., V].
    /// - Throws: `ShapeError` if the last size is not M.
    public func logits(_ hidden: Tensor) throws(ShapeError) -> Tensor {
        let logits = if let head { try head(hidden) } else { try decoder.words.logits(hidden) }
        guard let logitCap else { return logits }
        return (logits / logitCap).hyperbolicTangent() * logitCap
    }

    public func forward(_ inputs: SafetensorsFile, observing: Observation) throws -> [NamedTensor] {
        try Self.checkNames(of: inputs)
        let output = try decoder.observed(TokenBatch(inputs), observing)
        return [NamedTensor("logits", try logits(output.last))] + output.observed
    }

    public func splitHeads(_ ids: [Int], at places: [Int], ofLayer index: Int) throws(ShapeError) -> SplitHeads? {
        try decoder.splitHeads(ids, at: places, ofLayer: index)
    }

    public func start(rowCount: Int, format: PageFormat) -> CausalDecoder.State {
        decoder.start(rowCount: rowCount, format: format)
    }

    public func step(
        _ tokens: [[Int]], _ state: inout CausalDecoder.State, wanting outputs: DecoderOutputs
    ) throws(ShapeError) -> DecoderStep {
        try check(tokens, state)
        let (hidden, alignments) = try decoder.step(tokens, &state, aligning: outputs.contains(.alignments))
        var step = DecoderStep(alignments: alignments)
        if outputs.contains(.logits) { step.logits = try logits(try hidden.last(of: tokens.map(\.count))) }
        if outputs.contains(.allLogits) { step.allLogits = try logits(hidden) }
        if outputs.contains(.hidden) { step.hidden = hidden }
        return step
    }

    /// `decoder.…` and, if there is one, `head.…`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try decoder.visit(&visitor, path / "decoder")
        try head.visit(&visitor, path / "head")
    }
}

/// A causal decoder as it is published without an output map.
public struct CausalBackbone: PretrainedModel {
    /// What reads.
    public var decoder: CausalDecoder

    /// The model that is this decoder.
    public init(decoder: CausalDecoder) { self.decoder = decoder }

    public static var inputNames: [String] { ["input_ids", "attention_mask", "position_ids"] }

    public var heads: HeadCounts { decoder.heads }

    public func forward(_ inputs: SafetensorsFile, observing: Observation) throws -> [NamedTensor] {
        try Self.checkNames(of: inputs)
        let output = try decoder.observed(TokenBatch(inputs), observing)
        return [NamedTensor("last_hidden_state", output.last)] + output.observed
    }

    /// `decoder.…`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try decoder.visit(&visitor, path / "decoder")
    }
}

extension CausalDecoder {
    /// - Throws: `PretrainedError` if there are no such heads; `ShapeError` if an id or a position is out of range.
    fileprivate func observed(_ batch: TokenBatch, _ observing: Observation) throws -> Output {
        try check(observing)
        return try self(batch, observing: observing)
    }

    /// - Throws: `PretrainedError` if there are no such heads.
    func check(_ observing: Observation) throws(PretrainedError) {
        try observing.attentions.check(
            layerCount: layers.count, headCount: layers.first?.selfAttention.headCount ?? 0)
    }
}

extension CausalDecoder.Output {
    /// What was asked for besides the output, under the reference's names.
    var observed: [NamedTensor] {
        hiddenStates.enumerated().map { NamedTensor("hidden_states.\($0.offset)", $0.element) }
            + attentions.map { NamedTensor("attentions.\($0.layer)", $0.weights) }
    }
}

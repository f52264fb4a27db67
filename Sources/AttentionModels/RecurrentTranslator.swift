public import AttentionDecoding
public import AttentionLayers
public import AttentionMechanisms
public import AttentionTensors

/// The recurrent encoder–decoder: a bidirectional encoder whose annotations are both directions' states, and a decoder that looks at them
/// through a mechanism (Bahdanau, Cho & Bengio 2015; Luong, Pham & Manning 2015) or only at their fixed-length summary (Cho et al. 2014).
public struct RecurrentTranslator: SequenceToSequence {
    /// The sizes and choices.
    public let configuration: RecurrentTranslatorConfiguration
    /// Vectors of the source's ids.
    public var sourceEmbedding: Embedding
    /// Vectors of the target's ids.
    public var targetEmbedding: Embedding
    /// Reads the source in both directions.
    public var encoder: BidirectionalRecurrence
    /// The decoder's first state from the backward encoder's last: s₀ = tanh(W s + b) (Bahdanau et al. 2015, sec. A.2.2).
    public var initial: Linear
    /// Writes the target.
    public var decoder: RecurrentDecoder
    /// From the readout to the vocabulary.
    public var output: Linear

    /// A new model, its parameters drawn from `key`.
    /// - Throws: `ConfigurationError` if the configuration cannot be built.
    public init(_ configuration: RecurrentTranslatorConfiguration, key: RandomKey) throws(ConfigurationError) {
        try configuration.validate()
        self.configuration = configuration
        let (vocabulary, embedding, hidden) = (
            configuration.vocabularySize, configuration.embeddingSize, configuration.hiddenSize
        )
        sourceEmbedding = Embedding(vocabulary, embedding, key: key[0])
        targetEmbedding = Embedding(vocabulary, embedding, key: key[1])
        encoder = BidirectionalRecurrence(configuration.cell, embedding, configuration.directionSize, key: key[2])
        initial = Linear(configuration.directionSize, hidden, key: key[3])
        decoder = try RecurrentDecoder(configuration, key: key[4])
        output = Linear(hidden, vocabulary, key: key[5])
    }

    /// A new model whose decoder looks through this mechanism instead of the one that the configuration names; whether it looks before
    /// or after it moves still follows the configuration's `attention`.
    ///
    /// The mechanism is asked with states [B, 1, 1, H] and remembers annotations [B, 1, K, 2H] (or [B, 1, K, H], see `hiddenSize`).
    /// - Throws: `ConfigurationError` if the configuration cannot be built, or has no attention.
    public init(
        _ configuration: RecurrentTranslatorConfiguration, mechanism: some SequentialMechanism, key: RandomKey
    ) throws(ConfigurationError) {
        guard configuration.attention != "none" else {
            throw ConfigurationError("attention", expected: "other than none, to take a mechanism", found: "none")
        }
        try self.init(configuration, key: key)
        decoder.mechanism = mechanism
    }

    public var layerCount: Int { decoder.mechanism == nil ? 0 : 1 }
    public var outputWeight: Parameter { output.weight }
    public var outputBias: Parameter? { output.bias }

    public func hiddenStates(_ batch: SequencePairBatch, training key: RandomKey?) throws(ShapeError) -> Tensor {
        var state = try begin(batch.source, training: key?[0])
        let embedded = try embed(batch.input, training: key?[1])
        return try decoder.readouts(embedded, &state, training: key?[2]).reshaped(to: [-1, configuration.hiddenSize])
    }

    public var attentionExtent: AttentionExtent {
        AttentionExtent(encoderLayerCount: 0, decoderLayerCount: layerCount, headCount: layerCount)
    }

    public func attention(
        _ batch: SequencePairBatch, observing: SequenceObservation
    ) throws(ShapeError) -> SequenceAttention {
        var seen = SequenceAttention()
        guard observing.heads(of: .cross).contains(layer: 0) else { return seen }
        var (weights, readouts): ([Tensor], [Tensor]) = ([], [])
        var state = try begin(batch.source, training: nil)
        for embedded in try embed(batch.input, training: nil) {
            guard let row = try decoder.step(embedded, &state) else { return seen }
            weights.append(row)  // [B, 1, 1, K]
            readouts.append(state.readout)  // [B, H]
        }
        seen.cross = [
            try LayerAttention(layer: 0, of: try concatenated(weights, axis: 2), heads: observing.heads.heads)
        ]
        seen.hidden = try stacked(readouts, axis: 1).reshaped(to: [-1, configuration.hiddenSize])
        return seen
    }

    public func annotations(_ source: PaddedBatch) throws(ShapeError) -> Tensor {
        try encoder(try sourceEmbedding(source), lengths: source.lengths).annotations
    }

    /// Target ids → T embedded steps [B, E].
    private func embed(_ batch: PaddedBatch, training key: RandomKey?) throws(ShapeError) -> [Tensor] {
        let x = try targetEmbedding(batch)
        return try (key.map { x.dropout(configuration.dropout, key: $0) } ?? x).transposed(0, 1).unstacked()
    }

    /// The decoder's state before its first step.
    private func begin(_ source: PaddedBatch, training key: RandomKey?) throws(ShapeError) -> RecurrentDecoder.State {
        let embedded = try sourceEmbedding(source)
        let (annotations, forward, backward) = try encoder(
            key.map { embedded.dropout(configuration.dropout, key: $0) } ?? embedded, lengths: source.lengths)
        let values = annotations.unsqueezed(axis: 1)  // [B, 1, K, 2H]
        return RecurrentDecoder.State(
            recurrent: RecurrentState(hidden: try initial(backward.hidden, activation: .tanh)),
            reader: try decoder.mechanism?.reader(of: values, lengths: source.lengths),
            context: try concatenated([forward.hidden, backward.hidden], axis: 1),
            readout: .zeros([source.rowCount, configuration.hiddenSize]))
    }

    /// `source_embedding.…`, `target_embedding.…`, `encoder.…`, `initial.…`, `decoder.…`, `output.…`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try sourceEmbedding.visit(&visitor, path / "source_embedding")
        try targetEmbedding.visit(&visitor, path / "target_embedding")
        try encoder.visit(&visitor, path / "encoder")
        try initial.visit(&visitor, path / "initial")
        try decoder.visit(&visitor, path / "decoder")
        try output.visit(&visitor, path / "output")
    }
}

extension RecurrentTranslator {
    /// What the decoder remembers for R hypotheses.
    public struct State: JoinableState {
        var decoder: RecurrentDecoder.State

        public var rowCount: Int { decoder.context.shape[0] }

        public func selecting(_ rows: [Int]) throws(ShapeError) -> State {
            if rows.elementsEqual(0..<rowCount) { return self }
            return State(decoder: try decoder.selecting(rows))
        }

        public static func joining(_ states: [State]) throws(ShapeError) -> State {
            State(decoder: try .joining(states.map(\.decoder)))
        }

        /// Whoever is on its way through a source is not joined by others.
        public var alignedLength: Int? { nil }
        public var isJoinable: Bool { decoder.reader == nil }
    }

    public func start(_ source: PaddedBatch) throws(ShapeError) -> State {
        State(decoder: try begin(source, training: nil))
    }

    public func step(
        _ tokens: [[Int]], _ state: inout State, wanting outputs: DecoderOutputs
    ) throws(ShapeError) -> DecoderStep {
        try check(tokens, state)
        let chunk = PaddedBatch(tokens, padding: configuration.special.padding)
        let embedded = try embed(chunk, training: nil)
        var (readouts, weights): ([Tensor], [Tensor]) = ([], [])
        for (index, embedded) in embedded.enumerated() {
            let moving = chunk.lengths.map { index < $0 }
            let looked = try decoder.step(embedded, &state.decoder, moving: moving.contains(false) ? moving : nil)
            readouts.append(state.decoder.readout)
            if let looked { weights.append(looked.unsqueezed(axis: 1)) }  // [R, 1, L, H, K], with L = H = 1
        }
        var step = DecoderStep()
        if outputs.contains(.logits) { step.logits = try output(state.decoder.readout) }
        if outputs.contains(.allLogits) { step.allLogits = try output(try stacked(readouts, axis: 1)) }
        if outputs.contains(.hidden) { step.hidden = try stacked(readouts, axis: 1) }
        if outputs.contains(.alignments), !weights.isEmpty { step.alignments = try concatenated(weights, axis: 1) }
        return step
    }
}

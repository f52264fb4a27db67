public import AttentionDecoding
public import AttentionLayers
public import AttentionTensors

/// A model that reads a sequence of ids and writes another: trained on pairs, stepped through by a search.
public protocol SequenceToSequence: Module, StepDecoder, HeadedModel where State: JoinableState {
    /// What every position of the target sees before the output map, when the target is given (teacher forcing): [B · T, M].
    /// - Parameter key: the source of dropout; nil when not training.
    /// - Throws: `ShapeError` if an id is outside the vocabulary.
    func hiddenStates(_ batch: SequencePairBatch, training: RandomKey?) throws(ShapeError) -> Tensor

    /// Where heads look when the target is given.
    /// - Throws: `ShapeError` if an id is outside the vocabulary, or there is no such head.
    func attention(
        _ batch: SequencePairBatch, observing: SequenceObservation
    ) throws(ShapeError) -> SequenceAttention

    /// How many layers and heads can be looked into.
    var attentionExtent: AttentionExtent { get }

    /// What the encoder makes of every source token: [B, K, A].
    /// - Throws: `ShapeError` if an id is outside the vocabulary.
    func annotations(_ source: PaddedBatch) throws(ShapeError) -> Tensor

    /// What the heads of a layer of the encoder compare at some places of one source, by what has written it; nil where that is not known.
    /// - Throws: `ShapeError` if an id is outside the vocabulary, or there is no such place.
    func splitEncoderHeads(_ source: PaddedBatch, at places: [Int], ofLayer index: Int) throws(ShapeError)
        -> SplitHeads?

    /// What the heads of a layer of the decoder compare at some places of one pair, by what has written it: among the target before, or from the target
    /// to the source; nil where that is not known.
    /// - Throws: `ShapeError` if an id is outside the vocabulary, or there is no such place.
    func splitDecoderHeads(
        _ batch: SequencePairBatch, _ kind: AttentionKind, at places: SplitPlaces
    ) throws(ShapeError) -> SplitHeads?

    /// The number of decoder layers that look at the source.
    var layerCount: Int { get }

    /// The output map: logits = W hidden + b, W [V, M].
    var outputWeight: Parameter { get }
    /// b, [V].
    var outputBias: Parameter? { get }

    /// What the decoder remembers before its first step, one row per source.
    /// - Throws: `ShapeError` if an id is outside the vocabulary.
    func start(_ source: PaddedBatch) throws(ShapeError) -> State

    /// What `start` gives for each of these batches, but perhaps for the last bits: a model may read them as one. Each has its own padding and no other.
    /// - Throws: `ShapeError` if an id of any of them is outside the vocabulary.
    func starts(_ sources: [PaddedBatch]) throws(ShapeError) -> [State]
}

extension SequenceToSequence {
    /// One after the other, unless the model can part what it has read.
    public func starts(_ sources: [PaddedBatch]) throws(ShapeError) -> [State] {
        var states: [State] = []
        for source in sources { states.append(try start(source)) }
        return states
    }

    /// Nothing is known, unless the model says it.
    public func splitEncoderHeads(
        _ source: PaddedBatch, at places: [Int], ofLayer index: Int
    ) throws(ShapeError) -> SplitHeads? { nil }

    /// Nothing is known, unless the model says it.
    public func splitDecoderHeads(
        _ batch: SequencePairBatch, _ kind: AttentionKind, at places: SplitPlaces
    ) throws(ShapeError) -> SplitHeads? { nil }

    /// The sum of the cross-entropies of all target tokens, with label smoothing.
    /// - Throws: `ShapeError` if an id is outside the vocabulary.
    public func loss(
        _ batch: SequencePairBatch, smoothing: Float = 0, training key: RandomKey? = nil
    ) throws(ShapeError) -> Tensor {
        try linearCrossEntropy(
            try hiddenStates(batch, training: key), weight: outputWeight, bias: outputBias, targets: batch.targets,
            smoothing: smoothing)
    }

    /// How likely each token is at every position of the target when the target before it is given, as logits [B · T, V].
    /// - Throws: `ShapeError` if an id is outside the vocabulary.
    public func logits(_ batch: SequencePairBatch, training key: RandomKey? = nil) throws(ShapeError) -> Tensor {
        try linear(try hiddenStates(batch, training: key), weight: outputWeight, bias: outputBias)
    }

    /// ln P(target | source) of each pair, the end token included: [B].
    /// - Throws: `ShapeError` if an id is outside the vocabulary.
    public func logProbabilities(
        of batch: SequencePairBatch, training key: RandomKey? = nil
    ) throws(ShapeError) -> Tensor {
        let shares = try logits(batch, training: key).logSoftmax()
        let (places, classCount) = (batch.targets.count, shares.shape[1])
        let chosen = batch.targets.indices.map { $0 * classCount + (batch.targets[$0] ?? 0) }
        return try (shares.taking(chosen, shape: [places]) * batch.isTarget)
            .reshaped(to: [batch.input.rowCount, batch.input.length]).sum(axis: 1)
    }

    /// The likeliest token at every target position when the target before it is given, [B, T] row-major.
    /// - Throws: `ShapeError` if an id is outside the vocabulary.
    public func predictions(_ batch: SequencePairBatch) throws(ShapeError) -> [Int] {
        let hidden = try hiddenStates(batch, training: nil).detached()
        return try linear(hidden, weight: outputWeight.detached(), bias: outputBias?.detached()).indicesOfMaximum()
    }
}

/// The ids with a meaning of their own.
public struct SpecialTokens: Sendable, Hashable, Codable {
    /// Fills short sequences up.
    public var padding: Int
    /// Stands before the first target token.
    public var start: Int
    /// Ends a sequence.
    public var end: Int

    /// Ids as the tokenizers trained here number them: 0, 1 and 2.
    public init(padding: Int = 0, start: Int = 1, end: Int = 2) {
        (self.padding, self.start, self.end) = (padding, start, end)
    }
}

/// Source and target sequences of a batch, the target twice: as the decoder reads it and as it should write it.
public struct SequencePairBatch: Sendable {
    /// [B, K], each sequence with its end token.
    public let source: PaddedBatch
    /// [B, T]: the start token, then the target without its end.
    public let input: PaddedBatch
    /// B · T: the target with its end token; nil at padding.
    public let targets: [Int?]

    /// Pairs of id sequences, both without start and with end token.
    public init(_ pairs: [(source: [Int], target: [Int])], special: SpecialTokens) {
        source = PaddedBatch(pairs.map(\.source), padding: special.padding)
        input = PaddedBatch(pairs.map { [special.start] + $0.target.dropLast() }, padding: special.padding)
        let length = input.length
        targets = pairs.flatMap { pair in
            pair.target.map(Optional.some) + [Int?](repeating: nil, count: length - pair.target.count)
        }
    }

    private init(source: PaddedBatch, input: PaddedBatch, targets: [Int?]) {
        (self.source, self.input, self.targets) = (source, input, targets)
    }

    /// 1 where a token is to be written and 0 at padding, [B · T].
    package var isTarget: Tensor {
        Tensor(shape: [targets.count]) { out in
            for (place, target) in targets.enumerated() { out[place] = target == nil ? 0 : 1 }
        }
    }

    /// The number of target tokens.
    public var targetTokenCount: Int { input.tokenCount }

    /// The pairs that the batch was made of: sources and targets with their end tokens.
    package var pairs: [(source: [Int], target: [Int])] {
        source.sequences.enumerated().map { row, source in
            (source, targets[row * input.length..<(row + 1) * input.length].compactMap(\.self))
        }
    }

    /// The same batch with another input to the decoder, [B, T] row-major: for scheduled sampling.
    public func replacingInput(_ ids: [Int]) -> SequencePairBatch {
        let rows = (0..<input.rowCount).map { row in
            Array(ids[row * input.length..<row * input.length + input.lengths[row]])
        }
        return SequencePairBatch(source: source, input: PaddedBatch(rows, padding: input.padding), targets: targets)
    }
}

import AttentionDecoding
import AttentionLayers
import AttentionModels
import AttentionTensors
import AttentionTestSupport
import Testing

private let pairs: [(source: [Int], target: [Int])] = [
    ([5, 6, 7, 2], [8, 9, 2]), ([4, 2], [10, 11, 4, 5, 2]), ([9, 8, 7, 6, 5, 2], [4, 2]),
]

private func transformer(_ order: NormOrder, dropout: Float = 0, learned: Int? = nil) throws -> Transformer {
    var configuration = TransformerConfiguration()
    configuration.vocabularySize = 12
    configuration.modelSize = 16
    configuration.headCount = 2
    configuration.encoderLayerCount = 2
    configuration.decoderLayerCount = 2
    configuration.feedForwardSize = 24
    configuration.activation = .gelu  // smooth, so that finite differences are exact enough
    configuration.normOrder = order
    configuration.dropout = dropout
    if let learned {
        configuration.positions = .learned
        configuration.maximumLength = learned
    }
    return try Transformer(configuration, key: RandomKey(seed: 3))
}

private func recurrent(_ attention: AttentionKind, _ cell: RecurrentCellKind = .gru) throws -> RecurrentTranslator {
    var configuration = RecurrentTranslatorConfiguration()
    configuration.vocabularySize = 12
    configuration.embeddingSize = 6
    configuration.hiddenSize = 8
    configuration.attention = attention
    configuration.cell = cell
    configuration.dropout = 0
    return try RecurrentTranslator(configuration, key: RandomKey(seed: 3))
}

/// What must hold for every model that reads one sequence and writes another.
func checkLaws(_ model: some SequenceToSequence) throws {
    let batch = SequencePairBatch(pairs, special: SpecialTokens())
    let losses = try pairs.map { try model.loss(SequencePairBatch([$0], special: SpecialTokens())).scalar }
    #expect(abs(try model.loss(batch).scalar - losses.reduce(0, +)) < 1e-3, "padding a batch changes nothing")

    // Stepping gives the logits, and the alignments, of the full pass.
    let full = try linear(model.hiddenStates(batch, training: nil), weight: model.outputWeight, bias: model.outputBias)
    let alignments = try model.alignments(batch)
    var state = try model.start(batch.source)
    for position in 0..<batch.input.length {
        let tokens = (0..<pairs.count).map { batch.input.ids[$0 * batch.input.length + position] }
        let step = try model.step(tokens, state)
        state = step.state
        for row in 0..<pairs.count where position < batch.input.lengths[row] {
            let index = row * batch.input.length + position
            expectClose(try step.logits.at(row), try full.at(index), tolerance: 1e-4)
            if let alignments, let stepped = step.alignments {
                expectClose(try stepped.at(row), try alignments.at(row).at(position, axis: 2), tolerance: 1e-4)
            }
        }
    }

    // Exchanging rows commutes with stepping.
    let start = try model.start(batch.source)
    let exchanged = try model.step([7, 6, 5, 5], start.selecting([2, 0, 1, 1]))
    let straight = try model.step([6, 5, 7], start)
    expectClose(exchanged.logits, try straight.logits.selecting([2, 0, 1, 1]), tolerance: 1e-5)

    // Every parameter has the gradient that finite differences find.
    let tracked = model.tracked()
    let gradients = try tracked.loss(batch, smoothing: 0.1, training: nil).gradients()
    let named = tracked.parameters()
    for (index, (name, parameter)) in named.enumerated() {
        let gradient = try #require(gradients[parameter], "\(name) has no gradient").values
        let values = parameter.tensor.values
        let position = gradient.indices.max { abs(gradient[$0]) < abs(gradient[$1]) } ?? 0
        func loss(_ delta: Float) throws -> Float {
            var counter = 0
            let shifted = model.mapTensors { _, tensor in
                defer { counter += 1 }
                guard counter == index else { return tensor }
                var changed = values
                changed[position] += delta
                return (try? Tensor(changed, shape: tensor.shape)) ?? tensor
            }
            return try shifted.loss(batch, smoothing: 0.1).scalar
        }
        let numeric = (try loss(5e-3) - loss(-5e-3)) / 1e-2
        #expect(
            abs(numeric - gradient[position]) < 0.03 * max(1, abs(numeric)),
            "\(name): finite difference \(numeric), gradient \(gradient[position])")
    }
}

@Suite struct SequenceToSequenceTests {
    @Test func transformerLaws() throws {
        try checkLaws(transformer(.pre))
        try checkLaws(transformer(.post))
        try checkLaws(transformer(.post, learned: 8))
    }

    @Test func recurrentLaws() throws {
        for attention in [AttentionKind.none, .additive, .dot, .general, .concat] {
            try checkLaws(recurrent(attention))
            try checkLaws(recurrent(attention, .lstm))
        }
    }

    @Test func dropoutFollowsTheKey() throws {
        let model = try transformer(.pre, dropout: 0.3)
        let batch = SequencePairBatch(pairs, special: SpecialTokens())
        let key = RandomKey(seed: 1)
        #expect(try model.loss(batch, training: key).scalar == model.loss(batch, training: key).scalar)
        #expect(try model.loss(batch, training: key).scalar != model.loss(batch, training: key[1]).scalar)
    }

    @Test func tooLongForLearnedPositions() throws {
        let model = try transformer(.pre, learned: 4)
        #expect(throws: ShapeError.self) { try model.loss(SequencePairBatch(pairs, special: SpecialTokens())) }
    }

    @Test func impossibleConfigurationsAreRefused() throws {
        var configuration = TransformerConfiguration()
        configuration.headCount = 3
        #expect(throws: ConfigurationError("modelSize", expected: "a multiple of 3 heads", found: "256")) {
            try Transformer(configuration, key: RandomKey(seed: 1))
        }
    }
}

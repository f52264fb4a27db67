import AttentionDecoding
import AttentionLayers
import AttentionMechanisms
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
        configuration.positions = "learned"
        configuration.maximumLength = learned
    }
    return try Transformer(configuration, key: RandomKey(seed: 3))
}

private func recurrent(_ attention: String, _ cell: RecurrentCellKind = .gru) throws -> RecurrentTranslator {
    var configuration = RecurrentTranslatorConfiguration()
    configuration.vocabularySize = 12
    configuration.embeddingSize = 6
    configuration.hiddenSize = 8
    configuration.attention = attention
    configuration.cell = cell
    configuration.dropout = 0
    return try RecurrentTranslator(configuration, key: RandomKey(seed: 3))
}

/// What stepping gives besides the numbers of the full pass.
private func checkChoices(_ model: some SequenceToSequence, _ batch: SequencePairBatch) throws {
    // What is not asked for is not given, and what is asked for does not depend on what else is.
    var (one, other) = (try model.start(batch.source), try model.start(batch.source))
    let alone = try model.step([[6], [5], [7]], &one, wanting: .logits)
    let together = try model.step([[6], [5], [7]], &other, wanting: [.logits, .hidden, .alignments])
    #expect(alone.allLogits == nil && alone.hidden == nil && alone.alignments == nil)
    expectClose(try #require(alone.logits), try #require(together.logits), tolerance: 1e-5)

    // Exchanging rows commutes with stepping, also of rows of different lengths; and a state that was kept stays as it was.
    let chosen = [2, 0, 1, 1, 2]
    var (straight, kept) = (one, one)
    _ = try model.step([[3, 4], [9], [8, 8, 7]], &straight, wanting: .logits)
    let next = [[6, 5], [4], [7]]
    var exchanged = try straight.selecting(chosen)
    let first = try #require(try model.step(next, &straight, wanting: .logits).logits)
    let second = try #require(try model.step(chosen.map { next[$0] }, &exchanged, wanting: .logits).logits)
    expectClose(second, try first.selecting(chosen), tolerance: 1e-5)
    let again = try #require(try model.step([[3], [9], [8]], &kept, wanting: .logits).logits)
    let anew = try #require(try model.step([[3], [9], [8]], &one, wanting: .logits).logits)
    #expect(again.values == anew.values)

    // Chunks that do not fit, and ids outside the vocabulary, are refused.
    #expect(throws: ShapeError.self) { try model.step([[1], [2]], &one, wanting: .logits) }
    #expect(throws: ShapeError.self) { try model.step([[1], [], [2]], &one, wanting: .logits) }
    #expect(throws: ShapeError.self) { try model.step([[1], [99], [2]], &one, wanting: .logits) }
}

/// What must hold for every model that reads one sequence and writes another.
func checkLaws(_ model: some SequenceToSequence) throws {
    let batch = SequencePairBatch(pairs, special: SpecialTokens())
    let losses = try pairs.map { try model.loss(SequencePairBatch([$0], special: SpecialTokens())).scalar }
    #expect(abs(try model.loss(batch).scalar - losses.reduce(0, +)) < 1e-3, "padding a batch changes nothing")

    // Stepping gives the logits, and the alignments, of the full pass, however the target is cut into chunks.
    let full = try linear(model.hiddenStates(batch, training: nil), weight: model.outputWeight, bias: model.outputBias)
    let alignments = try model.alignments(batch)
    // The pass that tells where heads look has the hidden states, too.
    if let hidden = try model.attention(batch, observing: SequenceObservation()).hidden {
        let expected = try model.hiddenStates(batch, training: nil)
        #expect(hidden.shape == expected.shape)
        for (row, length) in batch.input.lengths.enumerated() {
            let places = row * batch.input.length..<row * batch.input.length + length
            expectClose(try hidden.sliced(axis: 0, places), try expected.sliced(axis: 0, places), tolerance: 1e-4)
        }
    } else {
        #expect(alignments == nil)
    }
    let rows = (0..<pairs.count).map { row in
        Array(batch.input.ids[row * batch.input.length..<row * batch.input.length + batch.input.lengths[row]])
    }
    for chunks in [
        [[Int]](repeating: [1, 1, 1], count: 5), [[2, 1, 1], [1, 3, 1]], [[1, 4, 2], [2, 1, 1]], [[3, 5, 2]],
    ] {
        var state = try model.start(batch.source)
        var places = [0, 0, 0]
        for counts in chunks {
            let tokens = (0..<pairs.count).map { row in
                // A row that has ended reads on, to see that it does not disturb the others.
                (places[row]..<places[row] + counts[row]).map { $0 < rows[row].count ? rows[row][$0] : 3 }
            }
            let step = try model.step(tokens, &state, wanting: [.logits, .allLogits, .hidden, .alignments])
            let (last, all) = (try #require(step.logits), try #require(step.allLogits))
            let hidden = try linear(
                try #require(step.hidden), weight: model.outputWeight, bias: model.outputBias)
            for row in 0..<pairs.count {
                for index in 0..<counts[row] where places[row] + index < rows[row].count {
                    let position = places[row] + index
                    let expected = try full.at(row * batch.input.length + position)
                    expectClose(try all.at(row).at(index), expected, tolerance: 1e-4)
                    expectClose(try hidden.at(row).at(index), expected, tolerance: 1e-4)
                    if index == counts[row] - 1 { expectClose(try last.at(row), expected, tolerance: 1e-4) }
                    guard let alignments else { continue }
                    expectClose(
                        try #require(step.alignments).at(row).at(index), try alignments.at(row).at(position, axis: 2),
                        tolerance: 1e-4)
                }
                places[row] += counts[row]
            }
        }
    }
    try checkChoices(model, batch)

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
    /// What was written may be remembered in fewer bits: nearly the same follows.
    @Test(arguments: [(PageFormat.bfloat16, 0.02), (.int8, 0.05)])
    func fewerBitsRememberNearlyTheSame(_ format: PageFormat, _ tolerance: Double) throws {
        var compact = try transformer(.pre)
        let exact = compact
        compact.pageFormat = format
        let source = PaddedBatch([[5, 6, 7, 2], [4, 2]], padding: 0)
        var states = (try exact.start(source), try compact.start(source))
        var (greatest, difference): (Float, Float) = (0, 0)
        for token in [8, 9, 4, 4, 11] {
            let expected = try #require(try exact.step([[token], [3]], &states.0, wanting: .logits).logits).values
            let found = try #require(try compact.step([[token], [3]], &states.1, wanting: .logits).logits).values
            for (x, y) in zip(found, expected) {
                (greatest, difference) = (max(greatest, abs(y)), max(difference, abs(x - y)))
            }
        }
        #expect(difference > 0 && Double(difference) < tolerance * Double(greatest))
    }

    @Test func transformerLaws() throws {
        try checkLaws(transformer(.pre))
        try checkLaws(transformer(.post))
        try checkLaws(transformer(.post, learned: 8))
    }

    @Test func recurrentLaws() throws {
        for attention in ["none", "additive", "dot", "general", "concat"] {
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

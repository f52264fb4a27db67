import Attention
import Testing

/// What a run notes besides the answers, and what it costs.
@Suite struct TaskRunTests {
    private static let root = TaskTests.root

    @Test func chosenHeadsAreThoseOfTheWhole() throws {
        let embedder = try TextEmbedder(path: Self.root + "vectors")
        let texts = ["The cat sleeps.", "A dog.", "The cat sleeps. A dog runs."]
        var (all, some) = (TaskRun(observing: .all), TaskRun(observing: AttentionSelection(layers: [1], heads: [1])))
        let plain = try embedder.embed(texts)
        #expect(try embedder.embed(texts, in: &all) == plain && embedder.embed(texts, in: &some) == plain)
        #expect(all.attentions.count == 3 && some.attentions.count == 3)
        for (whole, part) in zip(all.attentions, some.attentions) {
            let length = whole.pieces.count
            #expect(
                whole.layers.map(\.layer) == [0, 1] && part.layers.map(\.layer) == [1] && part.pieces == whole.pieces)
            #expect(whole.layers[1].weights.shape == [2, length, length])
            #expect(part.layers[0].weights.shape == [1, length, length])
            #expect(part.layers[0].weights.values == Array(whole.layers[1].weights.values.suffix(length * length)))
        }
        #expect(throws: PretrainedError.unknownAttention("heads", found: 2, count: 2)) {
            var run = TaskRun(observing: AttentionSelection(heads: [0, 2]))
            _ = try embedder.embed(texts, in: &run)
        }
    }

    /// Two heads of many: the weights of the others are never in memory.
    @Test func onlyWhatIsChosenIsInMemory() throws {
        let (layerCount, headCount, length) = (3, 8, 640)
        let layer = TransformerEncoderLayer(
            selfAttention: MultiHeadAttention(
                64, headCount: headCount, mechanism: AttentionMechanism(), key: RandomKey(seed: 1)),
            selfAttentionResidual: Residual(norm: LayerNorm(64), order: .post, dropout: 0),
            feedForward: FeedForward(64, 64, activation: .gelu, key: RandomKey(seed: 2)),
            feedForwardResidual: Residual(norm: LayerNorm(64), order: .post, dropout: 0))
        let encoder = BidirectionalEncoder(
            embeddings: TokenEmbeddings(
                words: Embedding(30, 64, key: RandomKey(seed: 3)), positions: nil, types: nil, norm: nil),
            layers: Array(repeating: layer, count: layerCount))
        let batch = try TokenBatch((0..<1).map { _ in (0..<length).map { $0 % 30 } }, padding: 0)
        func peak(_ selection: AttentionSelection) throws -> Int {
            TensorMemory.forgetPeak()
            let start = TensorMemory.peakBytes
            let output = try encoder.encode(batch, observing: Observation(attentions: selection), training: nil)
            #expect(output.attentions.count == (selection.isEmpty ? 0 : selection.layers?.count ?? layerCount))
            return TensorMemory.peakBytes - start
        }
        _ = try peak(.none)
        let matrix = length * length * MemoryLayout<Float>.size
        let (none, two) = (try peak(.none), try peak(AttentionSelection(layers: [1], heads: [0, 5])))
        // Buffers come in sizes of powers of two and half-way between.
        #expect(two - none < 2 * matrix * 3 / 2, "\(two - none) bytes more for \(2 * matrix)")
        #expect(try peak(.all) - none > layerCount * headCount * matrix)
    }

    @Test func longTextsAreNotedOrRefused() throws {
        let classifier = try TextClassifier(path: Self.root + "classes")
        let long = Array(repeating: "The cat sleeps.", count: 20).joined(separator: " ")
        var run = TaskRun()
        _ = try classifier.classify(["A dog.", long], in: &run)
        #expect(run.cutTexts.count == 1 && run.cutTexts[0].pieceCount > run.cutTexts[0].readCount)
        run = TaskRun(longTexts: .refused)
        #expect(throws: PretrainedError.self) { try classifier.classify(["A dog.", long], in: &run) }
        #expect(try classifier.classify(["A dog."], in: &run).count == 1 && run.cutTexts.isEmpty)
    }

    /// What a server does apart, to count and to collect pieces before anything is computed, gives the same as at once.
    @Test func piecesFirstAndAnswersThen() throws {
        var run = TaskRun()
        let texts = ["The cat sleeps.", "A dog.", "sun"]
        let embedder = try TextEmbedder(path: Self.root + "vectors")
        #expect(embedder.pooling == ["max", "mean"])
        let encodings = try embedder.encode(texts, prompt: "passage", in: &run)
        #expect(try embedder.embed(encodings, in: &run) == embedder.embed(texts, prompt: "passage"))
        let tokens = try encodings.map { try embedder.encode(tokens: $0.ids) }
        #expect(try embedder.embed(tokens, in: &run) == embedder.embed(encodings, in: &run))
        let limit = embedder.lengthLimit
        for (row, expected, found) in [
            ([], "1 to \(limit) tokens", "0"),
            ([Int](repeating: 1, count: limit + 1), "1 to \(limit) tokens", "\(limit + 1)"),
            ([1, 99999], "tokens of the vocabulary, 0 to \(embedder.tokenizer.count - 1)", "99999"),
        ] {
            #expect(
                throws: PretrainedError.badInput("tokens", source: "the request", expected: expected, found: found)
            ) { try embedder.encode(tokens: row) }
        }

        let classifier = try TextClassifier(path: Self.root + "classes")
        let scores = try classifier.scores(of: classifier.encode(texts.map { EncodingInput($0) }, in: &run), in: &run)
        for (scores, classes) in zip(scores, try classifier.classify(texts)) {
            #expect(scores.max() == classes[0].score)
            #expect(classifier.labels[scores.firstIndex(of: classes[0].score) ?? 0] == classes[0].label)
        }

        let reranker = try Reranker(path: Self.root + "pairs")
        let found = reranker.scores(try reranker.rawScores(of: reranker.encode("Who?", texts, in: &run), in: &run))
        for ranked in try reranker.rank("Who?", texts) { #expect(found[ranked.index] == ranked.score) }
    }
}

import AttentionFiles
import AttentionLayers
import AttentionModels
import AttentionTensors
import AttentionTestSupport
import Testing

/// Queries and keys of pretrained encoders as sums of what has written them: the sums are what the heads compare.
@Suite struct SplitHeadsTests {
    private static let encoders = [
        "bert", "albert-words", "camembert", "distilbert-words", "electra-replaced", "modernbert-words", "mpnet",
        "roberta-words",
    ]

    private func encoder(_ name: String) throws -> EncoderModel {
        try PretrainedFolder(path: PretrainedReferenceTests.root + "/" + name).encoder(for: .features)
    }

    @Test(arguments: encoders) func partsAddUpInEveryLayer(_ name: String) throws {
        func checkLayers(of encoder: some TextEncoder) throws {
            let (batch, places) = (try TokenBatch([[5, 9, 7, 11]], padding: 0), [1, 3])
            let recorded = try recordingHeads {
                try encoder.encode(batch, observing: .nothing, training: nil)
            }.heads
            for layer in 0..<encoder.layerCount {
                let split = try #require(try encoder.splitHeads(batch, at: places, ofLayer: layer))
                try check(split, recorded, places, layer: layer, headCount: encoder.headCount)
            }
        }
        try checkLayers(of: try encoder(name).encoder)
    }

    /// The translators trained here, with norms before and behind the branches.
    @Test(arguments: NormOrder.allCases) func ofTranslators(_ order: NormOrder) throws {
        var sizes = TransformerConfiguration()
        (sizes.modelSize, sizes.headCount, sizes.feedForwardSize, sizes.vocabularySize) = (8, 2, 12, 20)
        (sizes.encoderLayerCount, sizes.decoderLayerCount, sizes.normOrder) = (3, 1, order)
        let model = try Transformer(sizes, key: RandomKey(seed: 5))
        let (source, places) = (PaddedBatch([[5, 9, 7, 2]], padding: 0), [0, 2])
        let recorded = try recordingHeads { try model.annotations(source) }.heads
        for layer in 0..<3 {
            let split = try #require(try model.splitEncoderHeads(source, at: places, ofLayer: layer))
            try check(split, recorded, places, layer: layer, headCount: 2)
        }
    }

    /// Decoders: among what is written, and from there to the source, whose states are sums of their own.
    @Test(arguments: NormOrder.allCases) func ofTranslatorsThatWrite(_ order: NormOrder) throws {
        var sizes = TransformerConfiguration()
        (sizes.modelSize, sizes.headCount, sizes.feedForwardSize, sizes.vocabularySize) = (8, 2, 12, 20)
        (sizes.encoderLayerCount, sizes.decoderLayerCount, sizes.normOrder) = (2, 3, order)
        try checkDecoder(of: try Transformer(sizes, key: RandomKey(seed: 6)))
    }

    @Test(arguments: ["bart", "marian", "t5", "mbart"]) func ofPublishedDecoders(_ name: String) throws {
        let root =
            #filePath.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/Fixtures/EncoderDecoders/"
        guard try Directory.names(in: root).contains(name) else { return }
        let model = try #require(try PretrainedFolder(path: root + name).model().sequenceToSequence)
        try checkDecoder(of: model)
    }

    private func checkDecoder(of model: some SequenceToSequence) throws {
        let batch = SequencePairBatch([(source: [5, 9, 7, 2], target: [4, 8, 6, 2])], special: SpecialTokens())
        let recorded = try recordingHeads { try model.attention(batch, observing: SequenceObservation()) }.heads
        let headCount = model.attentionExtent.headCount
        func count(_ vectors: SplitVectors, _ group: String) -> Int {
            vectors.sources.filter { $0.group.hasPrefix(group) }.count
        }
        for layer in 0..<model.attentionExtent.decoderLayerCount {
            let own = try #require(
                try model.splitDecoderHeads(batch, .decoder, at: SplitPlaces(layer: layer, among: [2, 0])))
            try check(own, recorded[Ablation.Place("decoder", layer: layer)], [0, 2], [0, 2])
            #expect(count(own.queries, "attention") == layer * headCount)
            #expect(count(own.queries, "cross") == layer * headCount && count(own.queries, "feed") == layer)
            let cross = try #require(
                try model.splitDecoderHeads(batch, .cross, at: SplitPlaces(layer: layer, from: [3, 0], to: [1, 2])))
            try check(cross, recorded[Ablation.Place("cross", layer: layer)], [0, 3], [1, 2])
            #expect(count(cross.queries, "attention") == (layer + 1) * headCount)
            // Encoders may have other numbers of heads.
            #expect(count(cross.keys, "attention") == model.heads[.encoder].reduce(0, +))
            #expect(count(cross.keys, "cross") == 0)
        }
    }

    /// Language models, with rotary positions, branches side by side, norms behind branches.
    @Test(arguments: ["gpt2", "gpt-neox", "llama", "mistral", "gemma2", "phi3"])
    func ofLanguageModels(_ name: String) throws {
        func checkLayers(of model: some LanguageModel) throws {
            let ids = [5, 9, 7, 11]
            let inputs = try SafetensorsFile(
                try Safetensors.encoded([try Safetensors.Entry("input_ids", ids, shape: [1, 4])]), source: "the text")
            let recorded = try recordingHeads {
                try model.forward(inputs, observing: Observation(attentions: .all))
            }.heads
            for layer in model.heads[.decoder].indices {
                let split = try #require(try model.splitHeads(ids, at: [1, 3], ofLayer: layer))
                try check(split, recorded[Ablation.Place("decoder", layer: layer)], [1, 3], [1, 3])
                #expect(split.queries.sources.filter { $0.name.hasPrefix("feed") }.count == layer)
            }
        }
        let folder = try PretrainedFolder(path: PretrainedReferenceTests.root + "/" + name)
        let model = try #require(try folder.model().languageModel)
        try checkLayers(of: model)
    }

    private func check(
        _ split: SplitHeads, _ recorded: HeadActivations?, _ queries: [Int], _ keys: [Int]
    ) throws {
        let own = try #require(recorded)
        for (parts, whole, places) in [(split.queries, own.query, queries), (split.keys, own.keys, keys)] {
            let expected = try stacked(places.map { try whole.at(0).at($0, axis: 1) }, axis: 1)
            expectClose(try parts.sum(), expected, tolerance: 1e-4)
        }
    }

    private func check(
        _ split: SplitHeads, _ recorded: [Ablation.Place: HeadActivations], _ places: [Int], layer: Int, headCount: Int
    ) throws {
        let own = try #require(recorded[Ablation.Place("encoder", layer: layer)])
        #expect(split.queries.sources == split.keys.sources && split.queries.sources[0] == .biases)
        // Every head and every feed-forward network before, once.
        #expect(split.queries.sources.filter { $0.group.hasPrefix("attention") }.count == layer * headCount)
        #expect(split.queries.sources.filter { $0.name.hasPrefix("feed") }.count == layer)
        for (parts, whole) in [(split.queries, own.query), (split.keys, own.keys)] {
            let expected = try stacked(places.map { try whole.at(0).at($0, axis: 1) }, axis: 1)
            expectClose(try parts.sum(), expected, tolerance: 1e-4)
        }
    }

    /// The attention of DeBERTa compares positions on their own, so that there is no such sum.
    @Test func otherEncodersSayNothing() throws {
        func check(_ encoder: some TextEncoder) throws {
            #expect(try encoder.splitHeads(TokenBatch([[5, 9]], padding: 0), at: [0], ofLayer: 0) == nil)
        }
        try check(try encoder("deberta-words").encoder)
    }

    /// By brute force: without what a head writes, the vectors that the next layer reads are less by that part, the norms being what they were.
    @Test func aPartIsWhatIsMissingWithoutIt() throws {
        let gain = Tensor.uniform([6], in: 0.5...1.5, key: RandomKey(seed: 1))
        let bias = Tensor.uniform([6], in: -1...1, key: RandomKey(seed: 2))
        let (x, y) = (
            Tensor.uniform([2, 6], in: -1...1, key: RandomKey(seed: 3)),
            Tensor.uniform([2, 6], in: -1...1, key: RandomKey(seed: 4))
        )
        for norm in [LayerNorm(gain: gain, bias: bias), RMSNorm(gain: gain), LayerScale(gain: gain)] as [any Norm] {
            let fixed = try norm.fixed(at: x + y)
            expectClose(try fixed(x + y), try norm(x + y), tolerance: 1e-5)
            let split = try SplitVectors([(.token, x), (.position, y)]).mapped(fixed)
            expectClose(try split.sum(), try norm(x + y), tolerance: 1e-5)
            expectClose(try split.parts.at(1), try fixed(x + y) - fixed(y), tolerance: 1e-5)
            expectClose(try split.parts.at(0), try fixed(Tensor.zeros([2, 6])), tolerance: 1e-6)
        }
        #expect(throws: ShapeError.self) { try LayerNorm(gain: gain, bias: nil).fixed(at: .zeros([2, 5])) }
    }
}

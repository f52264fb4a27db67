import AttentionFiles
import AttentionModels
import AttentionTensors
import Foundation
import Testing

/// A wav2vec 2.0 that is yet to be trained: what it is made of, and what of a sound reaches what.
@Suite struct TrainableSpeechTests {
    private static func start(sampleRate: Int = 1600) throws -> TrainableModel<WaveformModel> {
        var sizes = Wav2Vec2.Sizes()
        (sizes.layerCount, sizes.headCount, sizes.modelSize, sizes.feedForwardSize) = (2, 2, 16, 32)
        (sizes.channelCount, sizes.positionWidth) = (8, 6)
        return try TrainableModel(
            sizes, sampleRate: sampleRate, vocabularySize: 7, blank: 0, key: RandomKey(seed: 1))
    }

    /// The sizes of the defaults, as transformers counts them for the same configuration.
    @Test func parametersAreAsManyAsTheReferenceHas() throws {
        let start = try TrainableModel(
            Wav2Vec2.Sizes(), sampleRate: 8000, vocabularySize: 5, blank: 0, key: RandomKey(seed: 1))
        #expect(start.model.parameterCount == 467_845)
    }

    @Test(arguments: [1600, 8000, 16_000, 22_050, 44_100]) func aMomentIsAFiftiethOfASecond(_ rate: Int) throws {
        let features = try Self.start(sampleRate: rate).model.encoder.features
        let perSecond = features.momentCount(sampleCount: 11 * rate) - features.momentCount(sampleCount: rate)
        #expect(490...510 ~= perSecond)
        // A little more than sixty thousandths of a second are enough for a moment.
        #expect(features.momentCount(sampleCount: rate * 64 / 1000) == 1)
        #expect(features.momentCount(sampleCount: rate * 58 / 1000) == 0)
    }

    @Test func numbersAreDrawnAsTheReferenceDrawsThem() throws {
        var sizes = Wav2Vec2.Sizes()
        (sizes.modelSize, sizes.channelCount) = (128, 64)
        let start = try TrainableModel(
            sizes, sampleRate: 8000, vocabularySize: 30, blank: 0, key: RandomKey(seed: 1))
        let tensors = try start.tensors(of: start.model)
        for (name, expected) in [
            ("wav2vec2.feature_extractor.conv_layers.0.conv.weight", 0.158),
            ("wav2vec2.feature_extractor.conv_layers.1.conv.weight", 0.0625),
            ("wav2vec2.feature_extractor.conv_layers.1.conv.bias", 0),
            ("wav2vec2.feature_extractor.conv_layers.1.layer_norm.weight", 1),
            ("wav2vec2.feature_projection.layer_norm.weight", 1),
            ("wav2vec2.feature_projection.projection.weight", 0.0722),
            ("wav2vec2.encoder.pos_conv_embed.conv.parametrizations.weight.original1", 0.03125),
            ("wav2vec2.encoder.layers.3.feed_forward.intermediate_dense.weight", 0.02),
            ("wav2vec2.encoder.layers.0.final_layer_norm.bias", 0), ("lm_head.weight", 0.02),
        ] as [(String, Float)] {
            let values = try #require(tensors.first { $0.name == name }, "\(name)").tensor.values
            let deviation = (values.reduce(0) { $0 + $1 * $1 } / Float(values.count)).squareRoot()
            #expect(abs(deviation - expected) <= 0.05 * expected, "\(name): \(deviation)")
        }
        // Each place of the kernel is as long as its direction is at first.
        let positions = start.model.encoder.positions
        let (directions, width) = (positions.direction.tensor.values, sizes.positionWidth)
        for place in 0..<width {
            let squares = stride(from: place, to: directions.count, by: width).reduce(Float(0)) {
                $0 + directions[$1] * directions[$1]
            }
            #expect(abs(squares.squareRoot() / positions.size.tensor.values[place] - 1) < 0.05)
        }
    }

    /// What a folder holds is the model.
    @Test func whatIsWrittenIsReadAgain() throws {
        let path = NSTemporaryDirectory() + "trainable-speech-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: path) }
        let start = try Self.start()
        try start.write(start.model, to: path)
        let folder = try PretrainedFolder(path: path)
        #expect(folder.architecture == "Wav2Vec2ForCTC")
        let model = try #require(try folder.model().waveformModel)
        let samples = Tensor.normal([2, 900], key: RandomKey(seed: 2))
        let own = try #require(try start.model.logits(samples))
        let read = try #require(try model.logits(samples))
        #expect(own.shape == Shape([2, 26, 7]) && read.shape == own.shape)
        #expect(zip(read.values, own.values).allSatisfy { abs($0 - $1) <= 1e-5 * (1 + abs($1)) })
        let text = String(decoding: try FileContents.read(path + "/config.json"), as: UTF8.self)
        #expect(text.contains("\"layerdrop\" : 0.0,") && text.contains("\"mask_time_prob\" : 0.0,"), "\(text)")
    }

    /// Whatever stands behind a sound in a batch, silence or noise, changes nothing of what is made of the sound.
    @Test func paddingChangesNothing() throws {
        let model = try Self.start().model
        let (long, short) = (900, 431)
        let samples = Tensor.normal([1, short], key: RandomKey(seed: 3))
        let alone = try #require(try model.logits(samples))
        for loudness: Float in [0, 3] {
            let behind = Tensor.normal([1, long - short], deviation: loudness, key: RandomKey(seed: 4))
            let filled = try concatenated([samples, behind], axis: 1)
            let both = try concatenated([Tensor.normal([1, long], key: RandomKey(seed: 5)), filled], axis: 0)
            let together = try #require(try model.logits(both, lengths: [long, short]))
            let own = try together.at(1).sliced(axis: 0, 0..<alone.shape[1]).values
            #expect(zip(own, alone.values).allSatisfy { abs($0 - $1) <= 1e-5 * (1 + abs($1)) })
        }
    }

    /// Every parameter learns, but for the bias of keys, which the softmax does not see.
    @Test func gradientsReachEveryParameter() throws {
        let model = try Self.start().model.tracked()
        let logits = try #require(
            try model.logits(Tensor.normal([2, 600], key: RandomKey(seed: 6)), lengths: [600, 400]))
        let gradients = try (logits * Tensor.normal(logits.shape, key: RandomKey(seed: 7))).sum().gradients()
        for (name, parameter) in model.parameters() where !name.hasSuffix("self_attention.key.bias") {
            let found = try #require(gradients[parameter.tensor], "\(name)").values
            #expect(found.contains { $0 != 0 } && found.allSatisfy(\.isFinite), "\(name)")
        }
    }

    @Test func sizesThatCannotBeAreRefused() {
        func complaint(_ change: (inout Wav2Vec2.Sizes) -> Void) -> String {
            var sizes = Wav2Vec2.Sizes()
            change(&sizes)
            do {
                try sizes.validate()
                return "none"
            } catch { return "\(error)" }
        }
        #expect(complaint { _ in } == "none")
        #expect(
            complaint { $0.modelSize = 94 }
                == "configuration: expected model.modelSize to be a multiple of 4 heads, found 94")
        #expect(complaint { $0.channelCount = 0 }.contains("model.channelCount to be from 1 to 4096"))
        #expect(complaint { $0.positionWidth = 2000 }.contains("model.positionWidth to be from 1 to 1024"))
        #expect(complaint { $0.dropout = 1 }.contains("model.dropout"))
    }
}

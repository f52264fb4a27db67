import AttentionFiles
public import AttentionTensors

extension Wav2Vec2 {
    /// The sizes of a wav2vec 2.0 that is yet to be trained, and that learns to write characters from nothing: far smaller than the published ones.
    ///
    /// Four convolutions, each behind a norm of every moment by itself, make a vector of every fiftieth of a second or so, whatever the rate of the
    /// samples: the first looks at ten milliseconds and moves by a sixteenth of that, the others move by 4, 4 and 2 vectors and look at twice as many.
    public struct Sizes: Codable, Sendable, Hashable, TransformerSizes {
        /// L.
        public var layerCount = 4
        /// H.
        public var headCount = 4
        /// M, the size of the vector of a moment; a multiple of the heads.
        public var modelSize = 96
        /// The size of the hidden layer of each feed-forward part.
        public var feedForwardSize = 192
        /// The channels of each convolution.
        public var channelCount = 64
        /// Among how many moments a moment's position is told.
        public var positionWidth = 32
        /// The probability of dropping a number in training: of what the first layer reads, branches and attention.
        public var dropout: Float = 0.1

        /// A model of half a million parameters.
        public init() {}

        /// Throws what is wrong with these sizes, if anything is.
        public func validate() throws(ConfigurationError) {
            try validate(and: [("channelCount", channelCount, 4096), ("positionWidth", positionWidth, 1024)])
            try ConfigurationError.require("model.dropout", probability: dropout)
            try ConfigurationError.require("model.modelSize", modelSize, ofHeads: headCount)
        }

        /// How many samples or vectors the convolutions look at and move by, where a second has so many samples.
        private func convolutions(sampleRate: Int) -> [(width: Int, stride: Int)] {
            // 32 of these strides are what the others make one vector of.
            let stride = max(1, (sampleRate + 800) / 1600)
            return [(16 * stride, stride), (8, 4), (8, 4), (4, 2)]
        }

        /// What `config.json` says of them.
        fileprivate func members(sampleRate: Int) -> [JSONMember] {
            let convolutions = convolutions(sampleRate: sampleRate)
            func list(_ name: String, _ numbers: [Int]) -> JSONMember {
                JSONMember(name, .array(numbers.map { .number(JSONNumber($0)) }))
            }
            func share(_ name: String, _ number: Float) -> JSONMember { JSONMember(name, .number(JSONNumber(number))) }
            return [
                list("conv_dim", convolutions.map { _ in channelCount }),
                list("conv_kernel", convolutions.map(\.width)), list("conv_stride", convolutions.map(\.stride)),
                JSONMember("conv_bias", true), JSONMember("feat_extract_norm", "layer"),
                JSONMember("feat_extract_activation", "gelu"), JSONMember("hidden_size", count: modelSize),
                JSONMember("num_hidden_layers", count: layerCount), JSONMember("num_attention_heads", count: headCount),
                JSONMember("intermediate_size", count: feedForwardSize), JSONMember("hidden_act", "gelu"),
                JSONMember("do_stable_layer_norm", true), share("layer_norm_eps", 1e-5),
                JSONMember("num_conv_pos_embeddings", count: positionWidth),
                JSONMember("num_conv_pos_embedding_groups", count: headCount), share("hidden_dropout", dropout),
                share("attention_dropout", dropout), share("activation_dropout", 0), share("feat_proj_dropout", 0),
                share("final_dropout", 0), share("layerdrop", 0), share("initializer_range", 0.02),
                // Moments that are not heard in training are zeros here, no learned vector.
                share("mask_time_prob", 0), share("mask_feature_prob", 0),
            ]
        }

        /// What the parameter of a name is before training, as the reference draws it.
        fileprivate func initialNumbers(_ name: String) -> InitialNumbers {
            let groupSize = Float(modelSize) / Float(headCount)
            switch name {
            case "encoder.positions.direction": return .normal(2 / Float(positionWidth * modelSize).squareRoot())
            // As long as these directions are.
            case "encoder.positions.size": return .full(2 * (groupSize / Float(positionWidth)).squareRoot())
            case "encoder.projection.weight": return .normal(1 / Float(3 * channelCount).squareRoot())
            default: return name.hasSuffix(".convolution.weight") ? .rectified : .transformer(name)
            }
        }
    }
}

extension TrainableModel where Model == WaveformModel {
    /// A wav2vec 2.0 of random parameters with a head for characters.
    ///
    /// Norms are of every moment by itself and before the parts of a layer (`feat_extract_norm` is `layer`, `do_stable_layer_norm` true), so that silence behind
    /// a sound changes nothing of what is made of the sound, and so that it learns from nothing.
    /// - Parameters:
    ///   - sampleRate: how many samples a second has.
    ///   - vocabularySize: how many characters there are, the one that stands for none among them.
    ///   - blank: the id of that one.
    /// - Throws: `ConfigurationError` with the size that cannot be.
    public init(
        _ sizes: Wav2Vec2.Sizes, sampleRate: Int, vocabularySize: Int, blank: Int, key: RandomKey
    ) throws {
        try sizes.validate()
        try ConfigurationError.require("sampleRate", sampleRate, in: 1...1_000_000)
        let architecture = "Wav2Vec2ForCTC"
        let members = [
            JSONMember("architectures", .array([.string(architecture)])),
            JSONMember("model_type", .string(Wav2Vec2.modelTypes[0])), JSONMember("torch_dtype", "float32"),
            JSONMember("vocab_size", count: vocabularySize), JSONMember("pad_token_id", count: blank),
            JSONMember("bos_token_id", .null), JSONMember("eos_token_id", .null),
        ]
        let document = JSONValue.object(members + sizes.members(sampleRate: sampleRate))
        let fields = try ConfigurationFields(document)
        self.init(
            try Wav2Vec2.model(architecture, fields).drawn(key) { sizes.initialNumbers($0) }, document, fields,
            Wav2Vec2.names(isOld: false), backbone: Wav2Vec2.backbone)
    }
}

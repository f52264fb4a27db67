import AttentionFiles
public import AttentionTensors
internal import Glibc

extension PlaceDETR {
    /// The sizes of a detector that is yet to be trained.
    public struct Sizes: Codable, Sendable, Hashable {
        /// How many times rows and columns are halved: by a convolution, then by blocks of two.
        public var convolutionCount = 3
        /// The channels behind the first of them; behind each that follows there are twice as many, but M behind the last.
        public var channelCount = 32
        /// M, the size of the vector of a place; a multiple of the heads and of 8.
        public var modelSize = 80
        /// How many layers read places.
        public var encoderLayerCount = 2
        /// How many layers look for objects.
        public var decoderLayerCount = 2
        /// H.
        public var headCount = 4
        /// The size of the hidden layer of each feed-forward part.
        public var feedForwardSize = 160
        /// The probability of dropping a number of a branch in training.
        public var dropout: Float = 0.1
        /// The sides of the box around a place before anything is answered, shares of those of the picture.
        public var boxSize: Float = 0.15

        /// A model of half a million parameters.
        public init() {}

        /// Throws what is wrong with these sizes, if anything is.
        public func validate() throws(ConfigurationError) {
            for (name, value, most) in [
                ("convolutionCount", convolutionCount, 6), ("channelCount", channelCount, 512),
                ("modelSize", modelSize, 4096), ("encoderLayerCount", encoderLayerCount, 64),
                ("decoderLayerCount", decoderLayerCount, 64), ("headCount", headCount, 64),
                ("feedForwardSize", feedForwardSize, 1 << 14),
            ] {
                try ConfigurationError.require("model." + name, value, in: 1...most)
            }
            for (name, value) in [("channelCount", channelCount), ("modelSize", modelSize)] where value % 8 != 0 {
                throw ConfigurationError("model." + name, expected: "a multiple of 8", found: "\(value)")
            }
            try ConfigurationError.require("model.modelSize", modelSize, ofHeads: headCount)
            try ConfigurationError.require("model.dropout", probability: dropout)
            guard boxSize > 0, boxSize < 1 else {
                throw ConfigurationError("model.boxSize", expected: "above 0 and below 1", found: "\(boxSize)")
            }
        }

        /// A detector of random parameters for these classes: kernels as He et al. 2015 draw them, maps from N(0, 1/√n) with n the numbers that they read,
        /// those of answers from N(0, 0.01) and N(0, 0.001), so that boxes begin where places are, and every class with a probability of 0.01 (Lin et al. 2017,
        /// *Focal Loss*, sec. 4.1).
        /// - Throws: `ConfigurationError` with the size that cannot be.
        public func trainable(labels: [String], key: RandomKey) throws -> TrainableModel<PlaceDetectionModel> {
            try validate()
            let sizes = (0..<convolutionCount - 1).map { channelCount << $0 } + [modelSize]
            let document = JSONValue.object(
                [
                    JSONMember("architectures", .array([.string(PlaceDETR.architectures[0])])),
                    JSONMember("model_type", .string(PlaceDETR.modelTypes[0])), JSONMember("num_channels", 3),
                    JSONMember("hidden_sizes", .array(sizes.map { .number(JSONNumber($0)) })),
                    JSONMember("encoder_layers", count: encoderLayerCount),
                    JSONMember("decoder_layers", count: decoderLayerCount),
                    JSONMember("num_attention_heads", count: headCount),
                    JSONMember("intermediate_size", count: feedForwardSize),
                    JSONMember("dropout", .number(JSONNumber(dropout))),
                    JSONMember("start_size", .number(JSONNumber(boxSize))),
                ] + PretrainedFolder.members(of: labels) + [JSONMember("torch_dtype", "float32")])
            let fields = try ConfigurationFields(document)
            let blank = try PlaceDETR.model(fields)
            let shapes = Dictionary(uniqueKeysWithValues: blank.parameters().map { ($0.name, $0.parameter.shape) })
            let model = blank.drawn(key) { Self.numbers($0, readCount: shapes[$0]?.dimensions.last ?? 1) }
            return TrainableModel(model, document, fields, .identity, backbone: "")
        }

        private static func numbers(_ name: String, readCount: Int) -> InitialNumbers {
            switch name {
            case _ where name.hasSuffix("norm.weight"): .ones
            case _ where name.hasSuffix("classes.bias"): .full(-log(99))
            case _ where name.hasSuffix(".bias"): .zeros
            case _ where name.hasSuffix("classes.weight"): .normal(0.01)
            case _ where name.hasSuffix("box.weight"): .normal(0.001)
            case _ where name.hasSuffix("convolution.weight"): .rectified
            default: .normal(1 / Float(readCount).squareRoot())
            }
        }
    }
}

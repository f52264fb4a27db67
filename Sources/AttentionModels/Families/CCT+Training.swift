import AttentionFiles
public import AttentionTensors

extension CCT {
    /// The sizes of a compact convolutional transformer that is yet to be trained; those of CCT-2/3×2 unless changed.
    public struct Sizes: ImageArchitecture, TransformerSizes {
        /// L.
        public var layerCount = 2
        /// H.
        public var headCount = 2
        /// M, the size of the vector of a token; a multiple of the heads.
        public var modelSize = 128
        /// The size of the hidden layer of each feed-forward part.
        public var feedForwardSize = 128
        /// How many convolutions make the tokens.
        public var convolutionCount = 2
        /// The channels of each of them but the last.
        public var convolutionSize = 64
        /// The rows and columns of their kernels.
        public var kernelSize = 3
        /// The probability of dropping a number of a branch in training.
        public var dropout: Float = 0
        /// The probability of dropping a weight of attention in training.
        public var attentionDropout: Float = 0.1

        /// A model of 0.28 million parameters.
        public init() {}

        public func validate() throws(ConfigurationError) {
            try validate(and: [
                ("convolutionCount", convolutionCount, 8), ("convolutionSize", convolutionSize, 4096),
                ("kernelSize", kernelSize, 31),
            ])
            for (name, value) in [("dropout", dropout), ("attentionDropout", attentionDropout)] {
                try ConfigurationError.require("model." + name, probability: value)
            }
            guard kernelSize % 2 == 1 else {
                throw ConfigurationError("model.kernelSize", expected: "odd", found: "\(kernelSize)")
            }
            try ConfigurationError.require("model.modelSize", modelSize, ofHeads: headCount)
        }

        /// Kernels are drawn as He et al. 2015 draw them, maps from N(0, 0.02), and the vectors of places from N(0, 0.2), as in the authors' code.
        public func trainable(
            imageSize: ImageSize, labels: [String], key: RandomKey
        ) throws -> TrainableModel<ImageModel> {
            try validate()
            let narrow = [JSONValue](
                repeating: .number(JSONNumber(convolutionSize)), count: convolutionCount - 1)
            return try TrainableModel(
                CCT.self,
                [
                    JSONMember("kernel_size", count: kernelSize), JSONMember("convolution_sizes", .array(narrow)),
                ]
                    + transformerMembers(
                        dropout: dropout, attentionDropout: attentionDropout, epsilon: 1e-5, hasBiases: false),
                imageSize: imageSize, labels: labels, key: key
            ) { name in
                name.contains("convolutions.")
                    ? .rectified : name.hasSuffix("positions") ? .normal(0.2) : .transformer(name)
            }
        }
    }
}

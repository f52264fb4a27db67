import AttentionFiles
public import AttentionTensors

extension ViT {
    /// The sizes of a vision transformer that is yet to be trained.
    public struct Sizes: ImageArchitecture, TransformerSizes {
        /// L.
        public var layerCount = 4
        /// H.
        public var headCount = 4
        /// M, the size of the vector of a patch; a multiple of the heads.
        public var modelSize = 128
        /// The size of the hidden layer of each feed-forward part.
        public var feedForwardSize = 256
        /// The rows and columns of a patch.
        public var patchSize = 4
        /// The probability of dropping a number in training: of embeddings, branches and attention.
        public var dropout: Float = 0.1

        /// A model of half a million parameters.
        public init() {}

        public func validate() throws(ConfigurationError) {
            try validate(and: [("patchSize", patchSize, 512)])
            try ConfigurationError.require("model.dropout", probability: dropout)
            try ConfigurationError.require("model.modelSize", modelSize, ofHeads: headCount)
        }

        /// Matrices, and the vectors of places and of the picture, are drawn from N(0, 0.02) as the reference draws them.
        public func trainable(
            imageSize: ImageSize, labels: [String], key: RandomKey
        ) throws -> TrainableModel<ImageModel> {
            try validate()
            let members: [JSONMember] =
                [JSONMember("patch_size", count: patchSize)]
                + transformerMembers(dropout: dropout, attentionDropout: dropout, epsilon: 1e-6, hasBiases: true) + [
                    JSONMember("initializer_range", .number(JSONNumber(0.02))),
                    JSONMember("encoder_stride", count: patchSize),
                ]
            return try TrainableModel(
                ViT.self, members, imageSize: imageSize, labels: labels, key: key
            ) { .transformer($0) }
        }
    }
}

extension InitialNumbers {
    /// Those of a Transformer on pictures: biases 0, gains 1, all else from N(0, 0.02).
    static func transformer(_ name: String) -> InitialNumbers {
        name.hasSuffix(".bias") ? .zeros : name.hasSuffix("norm.weight") ? .ones : .normal(0.02)
    }
}

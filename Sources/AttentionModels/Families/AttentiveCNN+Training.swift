import AttentionFiles
public import AttentionTensors

extension AttentiveCNN {
    /// The sizes of a convolutional network that is yet to be trained.
    public struct Sizes: ImageArchitecture {
        /// The channels of the first block; each that follows has twice as many, and half as many rows and columns.
        public var channelCount = 16
        /// How many blocks there are.
        public var blockCount = 3
        /// What says in each block what counts.
        public var attention = BlockAttention.Kind.none
        /// Channels are squeezed to one of so many before they are weighed.
        public var reduction = 4
        /// The rows and columns of the kernel by which places are weighed.
        public var kernelSize = 7

        /// A network of eighty thousand parameters with this attention.
        public init(attention: BlockAttention.Kind = .none) { self.attention = attention }

        public func validate() throws(ConfigurationError) {
            for (name, value, most) in [
                ("channelCount", channelCount, 512), ("blockCount", blockCount, 6), ("reduction", reduction, 512),
                ("kernelSize", kernelSize, 31),
            ] {
                try ConfigurationError.require("model." + name, value, in: 1...most)
            }
            guard channelCount % 8 == 0 else {
                throw ConfigurationError("model.channelCount", expected: "a multiple of 8", found: "\(channelCount)")
            }
            guard kernelSize % 2 == 1 else {
                throw ConfigurationError("model.kernelSize", expected: "odd", found: "\(kernelSize)")
            }
        }

        /// Kernels and maps are drawn as He et al. 2015 draw them, that of the classes from N(0, 0.01).
        public func trainable(
            imageSize: ImageSize, labels: [String], key: RandomKey
        ) throws -> TrainableModel<ImageModel> {
            try validate()
            return try TrainableModel(
                AttentiveCNN.self,
                [
                    JSONMember(
                        "hidden_sizes",
                        .array((0..<blockCount).map { .number(JSONNumber(channelCount << $0)) })),
                    JSONMember("attention", .string(attention.rawValue)), JSONMember("reduction", count: reduction),
                    JSONMember("kernel_size", count: kernelSize),
                ], imageSize: imageSize, labels: labels, key: key
            ) { name in
                if name.hasSuffix(".bias") { return .zeros }
                if name.hasSuffix("norm.weight") { return .ones }
                return name.hasPrefix("head.") ? .normal(0.01) : .rectified
            }
        }
    }
}

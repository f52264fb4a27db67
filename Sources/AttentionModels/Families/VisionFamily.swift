import AttentionLayers
import AttentionMechanisms
import AttentionTensors

/// A family of encoders of pictures: it says how the encoder and its heads are built, and how checkpoints spell them. All that is the same for
/// every such family is done here.
protocol VisionFamily: ModelFamily {
    /// What the backbone's tensors begin with in checkpoints of a class.
    static func backbone(of architecture: String) -> String
    /// The encoder, without its numbers.
    static func encoder(_ fields: ConfigurationFields) throws -> any ImageEncoder
    /// Where its parameters lie, our names beginning with `encoder`.
    static func names(_ fields: ConfigurationFields) throws -> CheckpointMap
    /// The head of a class and how it is spelt, our names beginning with `head`; nil for the bare backbone. `size` is that of a vector.
    static func head(
        _ architecture: String, _ size: Int, _ fields: ConfigurationFields
    ) throws -> (ImageHead, CheckpointMap)?
    /// How the bare backbone makes one vector of all, and how that is spelt; nil if it does not.
    static func pooling(_ size: Int, _ checkpoint: Checkpoint) -> (ImagePooling, CheckpointMap)?
}

extension VisionFamily {
    public static func model(
        _ architecture: String, _ fields: ConfigurationFields, _ checkpoint: Checkpoint
    ) throws -> any PretrainedModel {
        let encoder = try encoder(fields)
        let size = encoder.modelSize
        let pooling = pooling(size, checkpoint)
        let (head, headNames) =
            try head(architecture, size, fields) ?? (.features(pooling?.0), pooling?.1 ?? [:])
        return try ImageModel(encoder: encoder, head: head).loaded(
            from: checkpoint, headNames + names(fields), backbone: backbone(of: architecture),
            unused: ["*pooler.*", "*mask_token", "decoder.*", "*classifier.*", "*relative_position_index"])
    }

    /// A map from one vector of all to the classes that the configuration names.
    static func classes(
        of pooling: ImagePooling, _ size: Int, _ fields: ConfigurationFields
    ) throws -> (ImageHead, CheckpointMap) {
        let labels = try fields.labels()
        let output = Linear(pooling.size(of: size), labels.count, key: .blank)
        return (.classes(pooling, output, labels: labels), ["head.output": "classifier"])
    }
}

extension PatchEmbeddings {
    /// Embeddings without their numbers, as configurations of pictures spell their sizes.
    /// - Parameter tokens: the shapes of the vectors before the patches.
    init(
        _ fields: ConfigurationFields, _ size: Int, tokens: [[Int]], otherSizes: OtherSizes = .refused,
        hasBias: Bool = true, hasPositionsAsMatrix: Bool = false, norm: (any Norm)? = nil, dropout: Float = 0
    ) throws(ConfigurationError) {
        let (image, patch) = (try fields.imageSize("image_size"), try fields.imageSize("patch_size"))
        guard image.height >= patch.height, image.width >= patch.width else {
            throw ConfigurationError(
                "image_size", expected: "at least a patch of \(patch.height) × \(patch.width)",
                found: "\(image.height) × \(image.width)")
        }
        let channels = try fields.size("num_channels", default: 3)
        let count = tokens.count + image.height / patch.height * (image.width / patch.width)
        self.init(
            imageSize: image, patchSize: patch, otherSizes: otherSizes,
            weight: Parameter(.zeros([size, channels, patch.height, patch.width])),
            bias: hasBias ? Parameter(.zeros([size])) : nil, tokens: tokens.map { Parameter(.zeros(Shape($0))) },
            positions: Parameter(.zeros(hasPositionsAsMatrix ? [count, size] : [1, count, size])), norm: norm,
            dropout: dropout)
    }
}

extension ConfigurationFields {
    /// A height and a width, or one number for both.
    /// - Throws: `ConfigurationError` if it is something else.
    func imageSize(_ name: String) throws(ConfigurationError) -> ImageSize {
        let numbers = try integers(name)
        guard let first = numbers.first, let last = numbers.last, numbers.count <= 2 else {
            throw ConfigurationError(name, expected: "one or two numbers", found: "\(numbers.count)")
        }
        for number in numbers { try ConfigurationError.require(name, number, in: 1...1 << 16) }
        return ImageSize(height: first, width: last)
    }
}

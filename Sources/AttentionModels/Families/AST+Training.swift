import AttentionFiles
public import AttentionTensors

extension AST {
    /// The sizes of an audio spectrogram transformer that is yet to be trained.
    public struct Sizes: Codable, Sendable, Hashable, TransformerSizes {
        /// L.
        public var layerCount = 4
        /// H.
        public var headCount = 4
        /// M, the size of the vector of a patch; a multiple of the heads.
        public var modelSize = 96
        /// The size of the hidden layer of each feed-forward part.
        public var feedForwardSize = 192
        /// The bands and moments of a patch.
        public var patchSize = 16
        /// The bands and moments from one patch to the next.
        public var stride = 8
        /// The probability of dropping a number in training: of embeddings, branches and attention.
        public var dropout: Float = 0.1

        /// A model of a third of a million parameters.
        public init() {}

        /// Throws what is wrong with these sizes, if anything is.
        public func validate() throws(ConfigurationError) {
            try validate(and: [("patchSize", patchSize, 512), ("stride", stride, 512)])
            try ConfigurationError.require("model.dropout", probability: dropout)
            try ConfigurationError.require("model.modelSize", modelSize, ofHeads: headCount)
        }
    }
}

extension TrainableModel where Model == SpectrogramModel {
    /// An audio spectrogram transformer of random parameters with a head for these classes: matrices, and the vectors of places and of the sound, from
    /// N(0, 0.02), as the reference draws them.
    ///
    /// - Parameters:
    ///   - bandCount: how many bands a spectrogram has.
    ///   - frameCount: how many moments.
    ///   - labels: what the classes are called.
    /// - Throws: `ConfigurationError` with the size that cannot be.
    public init(_ sizes: AST.Sizes, bandCount: Int, frameCount: Int, labels: [String], key: RandomKey) throws {
        try sizes.validate()
        let architecture = "ASTForAudioClassification"
        let transformer: [JSONMember] =
            sizes.transformerMembers(
                dropout: sizes.dropout, attentionDropout: sizes.dropout, epsilon: 1e-6, hasBiases: true)
            + [JSONMember("initializer_range", .number(JSONNumber(0.02)))]
        let document = JSONValue.object(
            [
                JSONMember("architectures", .array([.string(architecture)])),
                JSONMember("model_type", .string(AST.modelTypes[0])),
                JSONMember("num_mel_bins", count: bandCount), JSONMember("max_length", count: frameCount),
                JSONMember("patch_size", count: sizes.patchSize), JSONMember("frequency_stride", count: sizes.stride),
                JSONMember("time_stride", count: sizes.stride),
            ] + transformer + PretrainedFolder.members(of: labels) + [JSONMember("torch_dtype", "float32")])
        let fields = try ConfigurationFields(document)
        self.init(
            try AST.model(architecture, fields).drawn(key) { .transformer($0) }, document, fields, AST.names,
            backbone: AST.backbone)
    }
}

import AttentionFiles
import AttentionLayers
import AttentionMechanisms
import AttentionTensors

/// DETR whose slots are the places of a picture, to be trained from the beginning on a few hundred pictures. It is at home here; transformers does not
/// know it.
public enum PlaceDETR: ModelFamily {
    public static let modelTypes = ["place-detr"]
    public static let architectures = ["PlaceDetrForObjectDetection"]

    public static func model(
        _ architecture: String, _ fields: ConfigurationFields, _ checkpoint: Checkpoint
    ) throws -> any PretrainedModel {
        try model(fields).loaded(from: checkpoint, .identity, backbone: "", unused: [])
    }

    /// A model of these sizes without its numbers.
    static func model(_ fields: ConfigurationFields) throws -> PlaceDetectionModel {
        let sizes = try fields.integers("hidden_sizes")
        guard 1...8 ~= sizes.count, sizes.allSatisfy({ 1...4096 ~= $0 && ($0 < 8 || $0 % 8 == 0) }),
            let size = sizes.last, size % 4 == 0
        else {
            throw ConfigurationError(
                "hidden_sizes", expected: "1 to 8 multiples of 8 up to 4096, or 4", found: "\(sizes)")
        }
        let heads = try fields.size("num_attention_heads")
        try ConfigurationError.require("hidden_sizes", size, ofHeads: heads)
        let hiddenSize = try fields.size("intermediate_size")
        let dropout = try fields.probability("dropout")
        let start = Float(try fields.number("start_size", default: 0.15))
        guard start > 0, start < 1 else {
            throw ConfigurationError("start_size", expected: "above 0 and below 1", found: "\(start)")
        }
        func residual() -> Residual { Residual(size, order: .pre, dropout: dropout) }
        func attention() -> MultiHeadAttention {
            MultiHeadAttention(size, headCount: heads, mechanism: AttentionMechanism(), key: .blank)
        }
        func feedForward() -> FeedForward { FeedForward(size, hiddenSize, key: .blank) }
        let labels = try fields.labels()
        let decoderCount = try fields.layerCount("decoder_layers")
        return PlaceDetectionModel(
            stem: AttentiveNetwork.Unit(try fields.size("num_channels", default: 3), sizes[0], size: 3, stride: 2),
            blocks: zip(sizes, sizes.dropFirst()).map { AttentiveNetwork.Block(halving: $0, to: $1) },
            positions: SinePositions2D(size: size),
            encoder: (0..<(try fields.layerCount("encoder_layers"))).map { _ in
                TransformerEncoderLayer(
                    selfAttention: attention(), selfAttentionResidual: residual(), feedForward: feedForward(),
                    feedForwardResidual: residual())
            },
            encoderNorm: LayerNorm(size),
            decoder: (0..<decoderCount).map { _ in
                ObjectDecoderLayer(
                    selfAttention: attention(), selfAttentionResidual: residual(), crossAttention: attention(),
                    crossAttentionResidual: residual(), feedForward: feedForward(), feedForwardResidual: residual())
            },
            answers: (0...decoderCount).map { _ in .init(size, classCount: labels.count) }, boxSize: start,
            labels: labels)
    }
}

extension AttentiveNetwork.Block {
    /// A block without attention and without its numbers that halves rows and columns.
    fileprivate init(halving inputCount: Int, to outputCount: Int) {
        self.init(
            first: AttentiveNetwork.Unit(inputCount, outputCount, size: 3, stride: 2),
            second: AttentiveNetwork.Unit(outputCount, outputCount, size: 3), attention: .none,
            shortcut: AttentiveNetwork.Unit(inputCount, outputCount, size: 1, stride: 2))
    }
}

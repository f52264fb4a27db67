import AttentionFiles
import AttentionLayers
import AttentionMechanisms
public import AttentionTensors

/// The models of Firefox Translations, and others in Marian's binary container: a Transformer reads, and an SSRU in the decoder's layers (Kim et al.
/// 2019), or self-attention, writes. Positions are sines before cosines, the first word follows a vector of zeros, and one table of vectors serves
/// source, target and output.
public enum FirefoxModel {
    /// The model of a file, its numbers where they lie.
    /// - Throws: `MarianFileError`, `ConfigurationError` or `SafetensorsError` with what does not fit.
    public static func load(_ file: MarianFile) throws -> any SequenceToSequence {
        guard let yaml = try file.text(named: "special:model.yml") else {
            throw MarianFileError.missing(name: "special:model.yml", source: file.source)
        }
        let options = try MarianOptions(yaml: yaml)
        switch options.autoregression {
        case .recurrence: return try loaded(options, file) { options.recurrentLayer() }
        case .attention: return try loaded(options, file) { options.attentionLayer() }
        }
    }

    private static func loaded<Layer: DecoderLayer>(
        _ options: MarianOptions, _ file: MarianFile, _ layer: () -> Layer
    ) throws -> EncoderDecoder<Layer> {
        let model = EncoderDecoder(
            encoder: BidirectionalEncoder(
                embeddings: options.embeddings(beginsEmpty: false),
                layers: (0..<options.encoderLayerCount).map { _ in options.encoderLayer() }, norm: options.topNorm),
            decoder: TextDecoder(
                embeddings: options.embeddings(beginsEmpty: true),
                layers: (0..<options.decoderLayerCount).map { _ in layer() }, norm: options.topNorm,
                output: .init(bias: Parameter(.zeros([options.vocabularySize])))),
            padding: 0)
        return try model.loaded(
            from: try Checkpoint(file), options.names, backbone: "",
            // What activations are to be multiplied by: here each row has a scale of its own.
            unused: ["*_QuantMultA"])
    }
}

extension MarianOptions {
    /// Marian's own.
    private static let epsilon: Float = 1e-6

    fileprivate var topNorm: LayerNorm? { hasTopNorm ? norm : nil }

    private var norm: LayerNorm { LayerNorm(modelSize, epsilon: Self.epsilon) }

    private var residual: Residual { Residual(norm: norm, order: order) }

    fileprivate func embeddings(beginsEmpty: Bool) -> TokenEmbeddings {
        TokenEmbeddings(
            words: Embedding(vocabularySize, modelSize, key: .blank), scale: Float(modelSize).squareRoot(),
            positions: SinusoidalPositions(layout: .closedHalves), norm: nil, beginsEmpty: beginsEmpty)
    }

    private func attention(scope: some Scope = .global) -> MultiHeadAttention {
        MultiHeadAttention(
            modelSize, headCount: headCount, mechanism: AttentionMechanism(scope: scope), key: .blank)
    }

    private func feedForward(_ size: Int) -> FeedForward {
        FeedForward(modelSize, size, activation: activation, key: .blank)
    }

    fileprivate func encoderLayer() -> TransformerEncoderLayer {
        TransformerEncoderLayer(
            selfAttention: attention(), selfAttentionResidual: residual,
            feedForward: feedForward(encoderFeedForwardSize), feedForwardResidual: residual)
    }

    fileprivate func recurrentLayer() -> RecurrentDecoderLayer {
        RecurrentDecoderLayer(
            cell: SSRUCell(modelSize, modelSize, key: .blank), cellResidual: residual, crossAttention: attention(),
            crossAttentionResidual: residual, feedForward: feedForward(decoderFeedForwardSize),
            feedForwardResidual: residual)
    }

    fileprivate func attentionLayer() -> TransformerDecoderLayer {
        TransformerDecoderLayer(
            selfAttention: attention(scope: .causal), selfAttentionResidual: residual, crossAttention: attention(),
            crossAttentionResidual: residual, feedForward: feedForward(decoderFeedForwardSize),
            feedForwardResidual: residual)
    }

    /// Where Marian has each parameter: layers are counted from 1, matrices lie [inputs, outputs], vectors as one row.
    fileprivate var names: CheckpointMap {
        var rules: [(String, CheckpointMap.Place)] = [
            ("encoder.embeddings.words.weight", "Wemb"), ("decoder.output.bias", .onlyRow("decoder_ff_logit_out_b")),
        ]
        func norm(_ ours: String, _ theirs: String) {
            rules.append((ours + ".weight", .onlyRow(theirs + "_ln_scale")))
            rules.append((ours + ".bias", .onlyRow(theirs + "_ln_bias")))
        }
        func map(_ ours: String, _ weight: String, _ bias: String) {
            rules.append((ours + ".weight", .transposed(weight)))
            rules.append((ours + ".bias", .onlyRow(bias)))
        }
        func attention(_ ours: String, _ theirs: String) {
            for (part, letter) in [("query", "q"), ("key", "k"), ("value", "v"), ("output", "o")] {
                map("\(ours).\(part)", theirs + "_W" + letter, theirs + "_b" + letter)
            }
            norm(ours + "_norm", theirs + "_Wo")
        }
        func feedForward(_ ours: String, _ theirs: String) {
            map(ours + ".feed_forward.up", theirs + "_ffn_W1", theirs + "_ffn_b1")
            map(ours + ".feed_forward.down", theirs + "_ffn_W2", theirs + "_ffn_b2")
            norm(ours + ".feed_forward_norm", theirs + "_ffn_ffn")
        }
        for index in 0..<encoderLayerCount {
            let (ours, theirs) = ("encoder.layers.\(index)", "encoder_l\(index + 1)")
            attention(ours + ".self_attention", theirs + "_self")
            feedForward(ours, theirs)
        }
        for index in 0..<decoderLayerCount {
            let (ours, theirs) = ("decoder.layers.\(index)", "decoder_l\(index + 1)")
            switch autoregression {
            case .recurrence:
                rules.append((ours + ".cell.candidate.weight", .transposed(theirs + "_rnn_W")))
                map(ours + ".cell.forget", theirs + "_rnn_Wf", theirs + "_rnn_bf")
                norm(ours + ".cell_norm", theirs + "_rnn_ffn")
            case .attention: attention(ours + ".self_attention", theirs + "_self")
            }
            attention(ours + ".cross_attention", theirs + "_context")
            feedForward(ours, theirs)
        }
        norm("encoder.norm", "encoder_top")
        norm("decoder.norm", "decoder_top")
        return CheckpointMap(rules)
    }
}

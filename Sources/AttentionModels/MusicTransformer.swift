internal import AttentionFiles
import AttentionLayers
import AttentionMechanisms
public import AttentionTensors

/// A language model of notes: a causal decoder whose every layer tells distances apart by learned vectors (Huang et al. 2019, *Music
/// Transformer*).
///
///     score_ij = q_i · (k_j + e_{j−i}) / √D,   context_i = Σ_j w_ij (v_j + e'_{j−i}),   distances beyond c as c
///
/// The relative term is q Eᵀ, [L, 2c + 1] a head, put where it belongs: memory grows with L (c + L), never with L² D, which is what the paper's
/// skewing is for. Unlike the paper's, the vectors are shared by the heads of a layer, and values have such vectors, too (Shaw et al. 2018, eq. 3).
/// Norms stand before the branches; the embeddings are the output map.
public enum MusicTransformer {
    /// A model of random parameters, drawn as GPT-2's: N(0, 0.02), but N(0, 0.02 / √(2 L)) for the last map of each of the 2 L branches.
    ///
    /// - Throws: `ConfigurationError` with the size that cannot be.
    public static func model(
        _ configuration: MusicTransformerConfiguration, key: RandomKey
    ) throws(ConfigurationError) -> CausalLanguageModel {
        try configuration.validate()
        return assembled(configuration).drawn(key) {
            GPT2.initialNumbers($0, layerCount: configuration.layerCount)
        }
    }

    private static func assembled(_ configuration: MusicTransformerConfiguration) -> CausalLanguageModel {
        let size = configuration.modelSize
        let isAbsolute = configuration.positions == .absolute
        return CausalLanguageModel(
            decoder: CausalDecoder(
                words: Embedding(configuration.vocabularySize, size, key: .blank),
                positions: isAbsolute ? LearnedPositions(configuration.maximumLength, size, key: .blank) : nil,
                layers: (0..<configuration.layerCount).map { _ in layer(configuration) }, norm: LayerNorm(size),
                lengthLimit: isAbsolute ? configuration.maximumLength : nil, dropout: configuration.dropout),
            head: nil)
    }

    private static func layer(_ configuration: MusicTransformerConfiguration) -> CausalLayer {
        let size = configuration.modelSize
        let headSize = size / configuration.headCount
        var mechanism = AttentionMechanism(dropout: configuration.dropout)
        if configuration.positions == .relative {
            mechanism.modifiers = [
                .shaw(clip: configuration.farthestDistance, headSize: headSize, valueSize: headSize, key: .blank)
                    as ShawModifier
            ]
        }
        let residual = Residual(size, order: .pre, dropout: configuration.dropout)
        return CausalLayer(
            selfAttention: MultiHeadAttention(
                size, headCount: configuration.headCount, mechanism: mechanism, key: .blank),
            selfAttentionResidual: residual,
            feedForward: FeedForward(size, configuration.feedForwardSize, activation: .gelu, key: .blank),
            feedForwardResidual: residual)
    }
}

extension MusicTransformer {
    /// Writes a model as `model.safetensors`, its numbers in this format, and `config.json`.
    ///
    /// - Throws: `FileError` or `SafetensorsError` if a file cannot be written.
    public static func write(
        _ model: CausalLanguageModel, _ configuration: MusicTransformerConfiguration, as format: Parameter.Format,
        to directory: String
    ) throws {
        try Directory.create(directory)
        try model.save(to: directory + "/model.safetensors", as: format)
        try AtomicFile.write(
            Array((try JSONEncoding.text(of: configuration, as: .lines) + "\n").utf8), to: directory + "/config.json")
    }

    /// The model in a folder.
    ///
    /// - Throws: `PretrainedError` if there is no configuration, or one of something else; `ConfigurationError` or `SafetensorsError` with what does
    ///   not fit.
    public static func read(_ directory: String) throws -> CausalLanguageModel {
        let file = directory + "/config.json"
        let (bytes, configuration): ([UInt8], MusicTransformerConfiguration)
        do { bytes = try FileContents.read(file) } catch {
            throw PretrainedError.noConfiguration(folder: directory, reason: "\(error)")
        }
        do { configuration = try JSONDecoding.decode(from: bytes) } catch {
            throw PretrainedError.badConfiguration(file, reason: "\(error)")
        }
        try configuration.validate()
        return try assembled(configuration).loaded(from: try SafetensorsFile(path: directory + "/model.safetensors"))
    }
}

import Attention

extension ModelFolder {
    /// A tiny untrained model; models of other sizes have other vocabularies.
    static func tiny(pieces: Int = 300, seed: UInt64 = 1) throws -> ModelFolder {
        let tokenizer = try BPETrainer(vocabularySize: pieces, minimumPairCount: 1).train(on: [
            "the quick brown fox jumps over the lazy dog"
        ])
        var sizes = TransformerConfiguration()
        (sizes.modelSize, sizes.headCount, sizes.feedForwardSize) = (8, 2, 8)
        (sizes.encoderLayerCount, sizes.decoderLayerCount) = (1, 1)
        sizes.vocabularySize = tokenizer.count
        let configuration = ModelConfiguration(name: "tiny \(tokenizer.count)", architecture: sizes)
        return ModelFolder(
            configuration: configuration, tokenizer: tokenizer,
            model: try configuration.makeModel(key: RandomKey(seed: seed)))
    }

    /// The same with a recurrent model.
    static func tinyRecurrent() throws -> ModelFolder {
        let tokenizer = try tiny().tokenizer
        var sizes = RecurrentTranslatorConfiguration()
        (sizes.embeddingSize, sizes.hiddenSize, sizes.vocabularySize) = (8, 8, tokenizer.count)
        let configuration = ModelConfiguration(name: "tiny recurrent", architecture: sizes)
        return ModelFolder(
            configuration: configuration, tokenizer: tokenizer,
            model: try configuration.makeModel(key: RandomKey(seed: 3)))
    }
}

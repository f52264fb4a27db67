public import Attention
import AttentionCatalogue
import AttentionModels
import AttentionTensors
import AttentionText

extension ExampleMaterial {
    /// The words of a sentence, each with the mean of what the translator's encoder makes of its pieces.
    /// - Throws: `TranslationError` if the sentence has no words or is too long.
    public init(sentence: String, translator: Translator) throws {
        let encoding = translator.model.reader.encode(sentence, addingSpecialTokens: false)
        guard !encoding.wordTexts.isEmpty, encoding.ids.count <= translator.pieceLimit else {
            throw TranslationError.tooLong(pieces: encoding.ids.count, limit: translator.pieceLimit)
        }
        let form = translator.model.form
        let source = PaddedBatch([form.before + encoding.ids + form.behind], padding: form.padding)
        let annotations = try translator.model.model.annotations(source)  // [1, K, M]
        let words = encoding.wordTexts.indices.map { word in
            encoding.words.indices.filter { encoding.words[$0] == word }
        }
        let shares = words.flatMap { pieces in
            (0..<source.length).map { Float(pieces.contains($0) ? 1 : 0) / Float(max(1, pieces.count)) }
        }
        let means = try matmul(try Tensor(shares, shape: [1, words.count, source.length]), annotations)
        try self.init(words: encoding.wordTexts, states: try Self.contrasted(means))
    }

    /// The states without what all words have in common, of such a size that softmax of their dot products is neither flat nor one-hot.
    private static func contrasted(_ states: Tensor) throws -> Tensor {
        let centred = states - (try states.mean(axis: 1, keepingAxis: true))
        let variance = (centred * centred).mean().scalar
        return centred * (0.32 / max(variance, 1e-12).squareRoot())
    }
}

package import AttentionModels
import AttentionTensors
package import AttentionText
package import AttentionTraining

/// Sentence pairs as ids, as a model learns from them: each side ends with the end token.
package struct TranslationData: Sendable {
    let tokenizer: Tokenizer
    let special: SpecialTokens

    /// Pairs in this tokenizer's ids.
    package init(tokenizer: Tokenizer, special: SpecialTokens) {
        self.tokenizer = tokenizer
        self.special = special
    }

    /// Pairs in the ids of a model's folder.
    init(_ folder: ModelFolder) {
        self.init(tokenizer: folder.tokenizer, special: folder.configuration.architecture.special)
    }

    /// The ids of a sentence with its end token.
    func encode(_ text: String) -> [Int] {
        let text = TextCleaner.clean(text)
        return tokenizer.encode(text, addingSpecialTokens: false, recognizingSpecialTokens: false).ids + [special.end]
    }

    /// All pairs as ids.
    package func encode(_ pairs: [SentencePair]) -> [SequencePair] {
        pairs.map { SequencePair(source: encode($0.source), target: encode($0.target)) }
    }

    /// The same sentences cut otherwise: by BPE dropout, with the randomness of `key`.
    func recut(_ pairs: [SequencePair], dropout: Float, key: RandomKey) -> [SequencePair] {
        var generator = key.generator()
        func recut(_ ids: [Int]) -> [Int] {
            tokenizer.encode(tokenizer.decode(ids), dropout: dropout, using: &generator) + [special.end]
        }
        return pairs.map { SequencePair(source: recut($0.source), target: recut($0.target)) }
    }

    /// The pairs of a batch side by side.
    func batch(_ pairs: [SequencePair]) -> SequencePairBatch {
        SequencePairBatch(pairs.map { ($0.source, $0.target) }, special: special)
    }
}

extension SentencePair {
    /// Whether both sides say something: a pair without content would teach to answer with nothing.
    var hasContent: Bool { !TextCleaner.clean(source).isEmpty && !TextCleaner.clean(target).isEmpty }
}

import AttentionEvaluation
import AttentionInspection
import AttentionModels
import AttentionTensors
import AttentionText
package import AttentionTraining

/// Finds the decoder layer and head whose attention is worth showing as the alignment.
///
/// A Transformer has many heads, and most of them do not align. So a statistical aligner (IBM Model 1 with a diagonal prior) is trained on the
/// training pairs in both directions; on validation pairs, each head's links are compared with its links by the alignment error rate
/// (Och & Ney 2003: both directions agree = sure, either says so = possible), and the head with the lowest rate is chosen.
package struct AlignmentChoice {
    let data: TranslationData
    let alignments: (SequencePairBatch) throws -> Tensor?
    /// Validation pairs to compare on; more change nothing.
    private let sampleSize = 500

    /// A choice for a model whose layers and heads look at these places, [B, L, H, T, K]; nil without attention.
    package init(_ data: TranslationData, alignments: @escaping (SequencePairBatch) throws -> Tensor?) {
        self.data = data
        self.alignments = alignments
    }

    /// The best head; nil for a model without attention.
    package func best(
        on valid: [SentencePair], trainedOn train: [SequencePair], lengthLimit: Int
    ) throws -> HeadIndex? {
        let forward = LexicalAligner(pairs: train.map { (data.content($0.source), data.content($0.target)) })
        let backward = LexicalAligner(pairs: train.map { (data.content($0.target), data.content($0.source)) })
        var rates: [HeadIndex: AlignmentErrorRate] = [:]
        let short = valid.lazy.filter {
            max(data.encode($0.source).count, data.encode($0.target).count) <= lengthLimit
        }
        for pair in short.prefix(sampleSize) {
            guard let map = try alignmentMap(pair) else { return nil }
            let reference = try statisticalAlignment(pair, forward, backward)
            for layer in 0..<map.layerCount {
                for head in 0..<map.headCount {
                    let index = HeadIndex(layer: layer, head: head)
                    let links = try map.matrix(.head(index)).hardAlignment()
                    rates[index, default: AlignmentErrorRate()] += AlignmentErrorRate(of: links, reference: reference)
                }
            }
        }
        return rates.min { ($0.value.rate, $0.key.layer, $0.key.head) < ($1.value.rate, $1.key.layer, $1.key.head) }?
            .key
    }

    /// Where every head looks when the model reads the reference translation, per word.
    private func alignmentMap(_ pair: SentencePair) throws -> AlignmentMap? {
        let (source, target) = (data.encoding(pair.source), data.encoding(pair.target))
        let ids = SequencePair(
            source: source.ids + [data.special.end], target: target.ids + [data.special.end])
        guard let weights = try alignments(data.batch([ids])) else { return nil }
        return try AlignmentMap(
            weights: try weights.at(0), source: source, target: target, name: "", chosen: nil)
    }

    /// The aligners' links, from pieces to words.
    private func statisticalAlignment(
        _ pair: SentencePair, _ forward: LexicalAligner, _ backward: LexicalAligner
    ) throws -> ReferenceAlignment {
        let (source, target) = (data.encoding(pair.source), data.encoding(pair.target))
        func words(_ links: [(source: Int, target: Int)]) -> HardAlignment {
            HardAlignment(
                links.compactMap { link in
                    guard let from = source.words[link.source], let to = target.words[link.target] else { return nil }
                    return Link(source: from, target: to)
                })
        }
        let there = words(
            forward.links(source: source.ids, target: target.ids).enumerated().compactMap { position, link in
                link.map { ($0, position) }
            })
        let back = words(
            backward.links(source: target.ids, target: source.ids).enumerated().compactMap { position, link in
                link.map { (position, $0) }
            })
        return ReferenceAlignment(
            sure: there.symmetrized(with: back, .intersection), possible: there.symmetrized(with: back, .union))
    }
}

extension TranslationData {
    /// The pieces of a sentence, without special tokens.
    func encoding(_ text: String) -> Encoding { tokenizer.encode(text, addingSpecialTokens: false) }

    /// A sequence without its end token.
    func content(_ ids: [Int]) -> [Int] { ids.last == special.end ? ids.dropLast() : ids }
}

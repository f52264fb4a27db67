import AttentionInspection
import AttentionLayers
import AttentionModels

/// A text and what was, or is to have been, written of it, as a model has them.
struct TracedPair {
    /// The text.
    let source: TracedSequence
    /// Its ids, with all that stands around them.
    let sourceIDs: [Int]
    /// The ids that every target begins with, at least one.
    let start: [Int]
    /// The ids that follow.
    let target: [Int]
    /// The special ids behind them, if they do not hold them.
    let end: [Int]
    /// What the beam held that found the target; nil if no beam did.
    var beam: TracedBeam?

    /// What the decoder is to write behind its first id.
    var written: [Int] { Array(start.dropFirst()) + target + end }

    /// The pair as a model reads and writes it; there is nothing to fill up.
    var batch: SequencePairBatch {
        SequencePairBatch(
            [(source: sourceIDs, target: written)],
            special: SpecialTokens(padding: sourceIDs.first ?? 0, start: start[0], end: written.last ?? 0))
    }
}

extension SequenceToSequence {
    /// What is written of a source, or the states of the source itself, by its words.
    /// - Throws: `FaithfulnessError.kind` for what is written among itself.
    func outcomes(_ kind: TracedAttention.Kind, of pair: TracedPair) throws -> WordOutcomes {
        switch kind {
        case .encoder: try WordOutcomes(annotationsOf: pair.sourceIDs, in: self)
        case .cross:
            try WordOutcomes(writing: pair.written, start: pair.start[0], of: pair.sourceIDs, in: self)
        case .decoder, .alignment: throw FaithfulnessError.kind(kind.rawValue, known: ["encoder", "cross"])
        }
    }

    /// What the heads of each of these layers of the decoder compare; nil where that is not known, and of other kinds.
    func splitHeads(
        _ kind: TracedAttention.Kind, of pair: TracedPair, at places: [SplitPlaces]
    ) throws -> [SplitHeads]? {
        guard let kind = AttentionKind(rawValue: kind.rawValue) else { return nil }
        return try places.splitting { try splitDecoderHeads(pair.batch, kind, at: $0) }
    }

    /// The model with pairs to be examined on.
    func patient(_ pairs: [TracedPair], padding: Int) -> any AttentionPatient {
        SequencePatient(
            model: self, pairs: pairs.map { ($0.sourceIDs, $0.written) }, start: pairs.first?.start[0] ?? 0,
            padding: padding)
    }
}

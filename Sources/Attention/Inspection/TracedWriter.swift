import AttentionDecoding
import AttentionInspection
import AttentionModels
import AttentionTensors
import AttentionText

/// An encoder and a decoder that make one text of another; a second text is what is to have been written.
struct TracedWriter: TraceableModel {
    let name: String
    let model: any SequenceToSequence
    let generator: TextGenerator
    let tokenizer: Tokenizer

    func trace(_ text: String, and second: String?, heads: AttentionSelection) throws -> ModelTrace {
        let plain = tokenizer.limited(truncation: nil, padding: nil)
        let encoding = plain.encode(text)
        if let limit = generator.model.lengthLimit, encoding.ids.count > limit {
            throw PretrainedError.tooLong(String(text.prefix(40)), pieces: encoding.ids.count, limit: limit)
        }
        guard let start = generator.configuration.startToken else { throw PretrainedError.nothingToBeginWith }
        let target =
            try second.map { plain.encode($0).ids } ?? generator.generate(tokens: encoding.ids).first?.tokens ?? []
        guard !target.isEmpty else { throw TranslationError.noAlignment }
        return try ModelTrace(
            name: name,
            source: try TracedSequence(name: "source", text: text, encoding), sourceIDs: encoding.ids,
            start: [start], target: target, end: [], writer: plain, of: model, heads: heads)
    }
}

extension ModelTrace {
    /// Where a model looks that reads a sequence and writes another: among the source, among what is written, and from there to the source.
    ///
    /// `target` is what is written at each place; the decoder reads it a place behind, as `read`.
    ///
    /// - Parameters:
    ///   - start: the ids that every target begins with, at least one.
    ///   - target: the ids that follow.
    ///   - end: the special id behind them, if they do not hold it.
    ///   - chosen: the head of `cross` worth showing first.
    init(
        name: String, source: TracedSequence, sourceIDs: [Int], start: [Int], target: [Int], end: [Int],
        writer: Tokenizer, of model: any SequenceToSequence, heads: AttentionSelection, chosen: HeadIndex? = nil
    ) throws {
        try model.attentionExtent.check(heads)
        let written = Array(start.dropFirst()) + target + end
        let batch = SequencePairBatch(
            [(source: sourceIDs, target: written)],
            special: SpecialTokens(padding: sourceIDs.first ?? 0, start: start[0], end: written.last ?? 0))
        let seen = try model.attention(batch, observing: SequenceObservation(heads: heads))
        func spelt(_ ids: [Int]) -> [String] { ids.map { writer.piece(of: $0) ?? "" } }
        // What is read ends a place before what is written, which may be within the target or behind it.
        let read = end.isEmpty ? Array(target.dropLast()) : target
        try self.init(
            name: name,
            sequences: [
                source,
                try TracedSequence(
                    name: "target", written: target, by: writer, before: spelt(Array(start.dropFirst())),
                    behind: spelt(end)),
                try TracedSequence(
                    name: "read", written: read, by: writer, before: spelt(start)),
            ],
            attention: [
                TracedAttention(.encoder, queries: 0, keys: 0, of: seen.encoder, heads: heads.heads),
                TracedAttention(.decoder, queries: 1, keys: 2, of: seen.decoder, heads: heads.heads),
                TracedAttention(.cross, queries: 1, keys: 0, of: seen.cross, heads: heads.heads, chosen: chosen),
            ].compactMap(\.self))
    }
}

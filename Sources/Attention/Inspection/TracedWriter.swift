import AttentionDecoding
import AttentionInspection
import AttentionLayers
import AttentionModels
import AttentionTensors
import AttentionText

/// An encoder and a decoder that make one text of another; a second text is what is to have been written.
struct TracedWriter: TraceableModel {
    let name: String
    let model: any SequenceToSequence
    let generator: TextGenerator
    let tokenizer: Tokenizer

    var heads: HeadCounts { model.heads }

    func trace(
        _ text: String, and second: String?, heads: AttentionSelection, keeping content: TraceContent
    ) throws -> ModelTrace {
        try ModelTrace(name: name, pair(text, second), writer: plain, of: model, heads: heads, keeping: content)
    }

    func outcomes(_ kind: TracedAttention.Kind, _ text: String, and second: String?) throws -> WordOutcomes {
        try model.outcomes(kind, of: try pair(text, second))
    }

    func splitHeads(
        _ kind: TracedAttention.Kind, _ text: String, and second: String?, at places: [SplitPlaces]
    ) throws -> [SplitHeads]? {
        guard kind == .encoder else { return try model.splitHeads(kind, of: try pair(text, second), at: places) }
        let source = PaddedBatch([plain.encode(text).ids], padding: 0)
        return try places.splitting { try model.splitEncoderHeads(source, at: $0.keys, ofLayer: $0.layer) }
    }

    func patient(reading texts: [String]) throws -> any AttentionPatient {
        model.patient(try texts.map { try pair($0, nil) }, padding: 0)
    }

    func searching(beamSize: Int) -> (any TraceableModel)? {
        var generator = generator
        generator.configuration.beamSize = beamSize
        return TracedWriter(name: name, model: model, generator: generator, tokenizer: tokenizer)
    }

    /// Where chosen heads look while what a search has found behind the pieces of a text is written, with what its beam held.
    func trace(
        _ text: String, reading encoding: Encoding, writing found: RecordedSearch, heads: AttentionSelection
    ) throws -> ModelTrace {
        try ModelTrace(
            name: name, try pair(text, encoding, nil, found), writer: plain, of: model, heads: heads,
            keeping: .attentionAndLikelihoods)
    }

    private var plain: Tokenizer { tokenizer.limited(truncation: nil, padding: nil) }

    /// All of a text, and the second or what a search finds.
    /// - Throws: `PretrainedError.tooLong`; what the search throws.
    private func pair(_ text: String, _ second: String?) throws -> TracedPair {
        try pair(text, plain.encode(text), second)
    }

    /// - Parameter found: what a search has found where there is no second text; it is made here if nil.
    /// - Throws: `PretrainedError.tooLong`; what the search throws.
    private func pair(
        _ text: String, _ encoding: Encoding, _ second: String?, _ found: RecordedSearch? = nil
    ) throws -> TracedPair {
        if let limit = generator.model.lengthLimit, encoding.ids.count > limit {
            throw PretrainedError.tooLong(String(text.prefix(40)), pieces: encoding.ids.count, limit: limit)
        }
        guard let start = generator.configuration.startToken else { throw PretrainedError.nothingToBeginWith }
        let found = try second == nil ? found ?? generator.search(behind: encoding.ids) : nil
        let best = found?.hypotheses.first
        let target = second.map { plain.encode($0).ids } ?? best?.written ?? []
        guard !target.isEmpty else { throw TranslationError.noAlignment }
        return TracedPair(
            source: try TracedSequence(name: "source", text: text, encoding), sourceIDs: encoding.ids, start: [start],
            target: target, end: [],
            beam: try found.flatMap { found in
                try best.flatMap { try TracedBeam(found.history, of: $0, behind: 0, by: tokenizer) }
            })
    }
}

extension ModelTrace {
    /// Where a model looks that reads a sequence and writes another: among the source, among what is written, and from there to the source.
    ///
    /// `target` is what is written at each place; the decoder reads it a place behind, as `read`.
    ///
    /// - Parameter chosen: the head of `cross` worth showing first.
    init(
        name: String, _ pair: TracedPair, writer: Tokenizer, of model: any SequenceToSequence,
        heads: AttentionSelection, chosen: HeadIndex? = nil, keeping content: TraceContent
    ) throws {
        try model.attentionExtent.check(heads)
        let (start, target, end) = (pair.start, pair.target, pair.end)
        let seen = try model.attention(pair.batch, observing: SequenceObservation(heads: heads))
        let hidden = content == .attention ? nil : seen.hidden
        let likely = try hidden.map {
            try linear($0, weight: model.outputWeight, bias: model.outputBias)
                .likelyPieces(written: pair.written, by: writer)
        }
        func spelt(_ ids: [Int]) -> [String] { ids.map { writer.piece(of: $0) ?? "" } }
        // What is read ends a place before what is written, which may be within the target or behind it.
        let read = end.isEmpty ? Array(target.dropLast()) : target
        try self.init(
            name: name,
            sequences: [
                pair.source,
                try TracedSequence(
                    name: "target", written: target, by: writer, before: spelt(Array(start.dropFirst())),
                    behind: spelt(end), likely: likely, beam: content == .attention ? nil : pair.beam),
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

import AttentionDecoding
import AttentionFiles
import AttentionInspection
import AttentionLayers
import AttentionModels
import AttentionTensors
import AttentionText

/// A language model, which reads a text from left to right; a second text is what follows the first.
struct TracedDecoder: TraceableModel {
    let name: String
    let model: any LanguageModel
    let tokenizer: Tokenizer

    var heads: HeadCounts { model.heads }

    func trace(
        _ text: String, and second: String?, heads: AttentionSelection, keeping content: TraceContent
    ) throws -> ModelTrace {
        let whole = text + (second ?? "")
        return try trace(whole, reading: try encoding(whole), heads: heads, keeping: content)
    }

    /// Where chosen heads look while the model reads the pieces of a text.
    func trace(
        _ text: String, reading encoding: Encoding, heads: AttentionSelection,
        keeping content: TraceContent = .attentionAndLikelihoods
    ) throws -> ModelTrace {
        try trace(encoding.ids, heads, keeping: content) { likely in
            try TracedSequence(name: "text", text: text, encoding, likely: likely)
        }
    }

    /// Checks, before anything is written, that the model has the heads that are to be looked into.
    func check(_ heads: AttentionSelection) throws(PretrainedError) {
        let counts = model.heads[.decoder]
        try heads.check(layerCount: counts.count, headCount: counts.first ?? 0)
    }

    /// Where chosen heads look while the model reads tokens.
    func trace(_ ids: [Int], heads: AttentionSelection) throws -> ModelTrace {
        try trace(ids, heads, keeping: .attentionAndLikelihoods) { likely in
            try TracedSequence(name: "text", written: ids, by: tokenizer, likely: likely)
        }
    }

    /// Where chosen heads look while the model reads a prompt and what a search has found behind it, with what its beam held.
    func trace(_ prompt: [Int], writing found: RecordedSearch, heads: AttentionSelection) throws -> ModelTrace {
        let best = found.hypotheses.first
        let ids = prompt + (best?.written ?? [])
        let beam = try best.flatMap {
            try TracedBeam(found.history, of: $0, behind: prompt.count, by: tokenizer)
        }
        return try trace(ids, heads, keeping: .attentionAndLikelihoods) { likely in
            try TracedSequence(name: "text", written: ids, by: tokenizer, likely: likely, beam: beam)
        }
    }

    /// - Parameter sequence: the pieces, by how likely each was.
    private func trace(
        _ ids: [Int], _ heads: AttentionSelection, keeping content: TraceContent,
        _ sequence: (_ likely: [[LikelyPiece]]?) throws -> TracedSequence
    ) throws -> ModelTrace {
        guard !ids.isEmpty else { throw TraceError.nothing }
        let inputs = try Safetensors.encoded([try Safetensors.Entry("input_ids", ids, shape: [1, ids.count])])
        let outputs = try model.forward(
            try SafetensorsFile(inputs, source: "the text"), observing: Observation(attentions: heads))
        let layers = outputs.compactMap { output -> LayerAttention? in
            guard let name = output.name.split(separator: ".").first, name == "attentions",
                let layer = Int(output.name.dropFirst(name.count + 1))
            else { return nil }
            return LayerAttention(layer: layer, weights: output.tensor)
        }
        // What is read at a place tells what follows it; of the first, nothing is told.
        let logits = content == .attention ? nil : outputs.first { $0.name == "logits" }?.tensor
        let likely = try logits.map { logits -> [[LikelyPiece]] in
            guard ids.count > 1 else { return [[]] }
            return try [[]]
                + logits.at(0).sliced(axis: 0, 0..<ids.count - 1).likelyPieces(
                    written: Array(ids.dropFirst()), by: tokenizer)
        }
        let part = TracedAttention(.decoder, queries: 0, keys: 0, of: layers, heads: heads.heads)
        return try ModelTrace(
            name: name, sequences: [try sequence(likely)], attention: part.map { [$0] } ?? [])
    }

    func outcomes(_ kind: TracedAttention.Kind, _ text: String, and second: String?) throws -> WordOutcomes {
        guard kind == .decoder else { throw FaithfulnessError.kind(kind.rawValue, known: ["decoder"]) }
        let ids = try encoding(text + (second ?? "")).ids
        func outcomes(_ model: some LanguageModel) throws -> WordOutcomes {
            try WordOutcomes(following: ids, in: model)
        }
        return try outcomes(model)
    }

    func splitHeads(
        _ kind: TracedAttention.Kind, _ text: String, and second: String?, at places: [SplitPlaces]
    ) throws -> [SplitHeads]? {
        guard kind == .decoder else { return nil }
        let ids = try encoding(text + (second ?? "")).ids
        return try places.splitting { try model.splitHeads(ids, at: $0.keys, ofLayer: $0.layer) }
    }

    func patient(reading texts: [String]) throws -> any AttentionPatient {
        let ids = try texts.map { try encoding($0).ids }.filter { $0.count > 1 }
        func patient(_ model: some LanguageModel) -> any AttentionPatient { LanguagePatient(model: model, texts: ids) }
        return patient(model)
    }

    /// - Throws: `PretrainedError.tooLong`.
    private func encoding(_ text: String) throws -> Encoding {
        let encoding = tokenizer.limited(truncation: nil, padding: nil).encode(text)
        if let limit = model.lengthLimit, encoding.ids.count > limit {
            throw PretrainedError.tooLong(String(text.prefix(40)), pieces: encoding.ids.count, limit: limit)
        }
        return encoding
    }
}

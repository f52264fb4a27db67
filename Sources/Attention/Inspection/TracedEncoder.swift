import AttentionInspection
import AttentionLayers
import AttentionModels
import AttentionText

/// A text encoder, which reads a text or two.
struct TracedEncoder: TraceableModel {
    let name: String
    private let text: TextModel

    var heads: HeadCounts { text.model.heads }

    init(name: String, _ text: TextModel) { (self.name, self.text) = (name, text) }

    func trace(
        _ text: String, and second: String?, heads: AttentionSelection, keeping content: TraceContent
    ) throws -> ModelTrace {
        let encoder = self.text.model.encoder
        try heads.check(layerCount: encoder.layerCount, headCount: encoder.headCount)
        let encoding = try encoding(text, second)
        let seen = try encoder.encode(
            try self.text.batch(of: [encoding]), observing: Observation(attentions: heads), training: nil)
        let part = TracedAttention(.encoder, queries: 0, keys: 0, of: seen.attentions, heads: heads.heads)
        return try ModelTrace(
            name: name, sequences: [try TracedSequence(name: "text", text: text, pair: second, encoding)],
            attention: part.map { [$0] } ?? [])
    }

    func outcomes(_ kind: TracedAttention.Kind, _ text: String, and second: String?) throws -> WordOutcomes {
        guard kind == .encoder else { throw FaithfulnessError.kind(kind.rawValue, known: ["encoder"]) }
        let encoding = try encoding(text, second)
        func outcomes(_ encoder: some TextEncoder) throws -> WordOutcomes {
            try WordOutcomes(statesOf: encoding.ids, types: encoding.typeIDs, in: encoder)
        }
        return try outcomes(self.text.model.encoder)
    }

    func splitHeads(
        _ kind: TracedAttention.Kind, _ text: String, and second: String?, at places: [SplitPlaces]
    ) throws -> [SplitHeads]? {
        guard kind == .encoder else { return nil }
        let batch = try self.text.batch(of: [encoding(text, second)])
        return try places.splitting {
            try self.text.model.encoder.splitHeads(batch, at: $0.keys, ofLayer: $0.layer)
        }
    }

    func patient(reading texts: [String]) throws -> any AttentionPatient {
        let encodings = try texts.map { try encoding($0, nil) }
        func patient(_ encoder: some TextEncoder) -> any AttentionPatient {
            EncoderPatient(
                encoder: encoder, texts: encodings.map(\.ids), types: encodings.map(\.typeIDs), padding: text.paddingID)
        }
        return patient(text.model.encoder)
    }

    /// - Throws: `PretrainedError.tooLong`.
    private func encoding(_ text: String, _ second: String?) throws -> Encoding {
        var run = TaskRun(longTexts: .refused)
        return try self.text.encode([EncodingInput(text, pair: second)], in: &run)[0]
    }
}

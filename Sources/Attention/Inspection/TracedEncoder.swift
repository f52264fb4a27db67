import AttentionInspection
import AttentionModels
import AttentionText

/// A text encoder, which reads a text or two.
struct TracedEncoder: TraceableModel {
    let name: String
    private let text: TextModel

    init(name: String, _ text: TextModel) { (self.name, self.text) = (name, text) }

    func trace(_ text: String, and second: String?, heads: AttentionSelection) throws -> ModelTrace {
        let encoder = self.text.model.encoder
        try heads.check(layerCount: encoder.layerCount, headCount: encoder.headCount)
        var run = TaskRun(longTexts: .refused)
        let encoding = try self.text.encode([EncodingInput(text, pair: second)], in: &run)[0]
        let seen = try encoder.encode(
            try self.text.batch(of: [encoding]), observing: Observation(attentions: heads), training: nil)
        let part = TracedAttention(.encoder, queries: 0, keys: 0, of: seen.attentions, heads: heads.heads)
        return try ModelTrace(
            name: name, sequences: [try TracedSequence(name: "text", text: text, pair: second, encoding)],
            attention: part.map { [$0] } ?? [])
    }
}

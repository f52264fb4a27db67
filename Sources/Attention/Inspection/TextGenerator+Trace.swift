import AttentionDecoding
public import AttentionInspection
public import AttentionModels
import AttentionText

extension TextGenerator {
    /// What the configuration asks for behind a text, best first, and where chosen heads looked while the best was written. Of a search with
    /// beams the trace has what the beam held.
    ///
    /// - Parameter heads: the heads that are looked into, counted from 0.
    /// - Throws: as `generate`; `PretrainedError` if there are no such heads, or the model reads no text; `TranslationError` if a model that reads
    ///   and writes apart has written nothing.
    public func traced(
        _ prompt: String, heads: AttentionSelection = .all
    ) throws -> (written: [Written], trace: ModelTrace) {
        guard let tokenizer else { throw PretrainedError.noTokenizer(folder: path) }
        // All of the text, as the trace shows it.
        let tokens = tokenizer.limited(truncation: nil, padding: nil).encode(prompt).ids
        let found = try search(behind: tokens)
        let written = found.hypotheses.map(self.written)
        if let language = model.languageModel {
            let decoder = TracedDecoder(name: path.lastName, model: language, tokenizer: tokenizer)
            // Behind no text at all the model has read what texts begin with.
            let read = tokens.isEmpty ? configuration.startToken.map { [$0] } ?? [] : tokens
            return (written, try decoder.trace(read, writing: found, heads: heads))
        }
        guard let pairs = model.sequenceToSequence else {
            throw PretrainedError.wrongTask(needed: "attention over a text", found: "another", folder: path)
        }
        let writer = TracedWriter(name: path.lastName, model: pairs, generator: self, tokenizer: tokenizer)
        return (written, try writer.trace(prompt, writing: found, heads: heads))
    }
}

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
        return try traced(
            prompt, reading: tokenizer.limited(truncation: nil, padding: nil).encode(prompt), heads: heads)
    }

    /// The same behind these pieces of a text.
    private func traced(
        _ text: String, reading encoding: Encoding, heads: AttentionSelection
    ) throws -> (written: [Written], trace: ModelTrace) {
        guard let tokenizer else { throw PretrainedError.noTokenizer(folder: path) }
        if let language = model.languageModel {
            let decoder = TracedDecoder(name: path.lastName, model: language, tokenizer: tokenizer)
            try decoder.check(heads)
            let found = try search(behind: encoding.ids)
            // Behind nothing, the search begins with the token that begins texts.
            let read = encoding.ids.isEmpty ? configuration.startToken.map { [$0] } ?? [] : encoding.ids
            return (found.hypotheses.map(written), try decoder.trace(read, writing: found, heads: heads))
        }
        guard let pairs = model.sequenceToSequence else {
            throw PretrainedError.wrongTask(needed: "attention over a text", found: "another", folder: path)
        }
        try pairs.attentionExtent.check(heads)
        let found = try search(behind: encoding.ids)
        let writer = TracedWriter(name: path.lastName, model: pairs, generator: self, tokenizer: tokenizer)
        return (
            found.hypotheses.map(written), try writer.trace(text, reading: encoding, writing: found, heads: heads)
        )
    }

    /// What the configuration asks for behind a text, in a run: where the heads that it asks for looked while the best was written is noted
    /// among its traces.
    /// - Throws: as `generate`; as `traced` if heads are asked for.
    public func generate(_ prompt: String, in run: inout TaskRun) throws -> [Written] {
        try generate(prompt, reading: try encoding(of: prompt), in: &run)
    }

    /// The same behind these pieces of a text.
    func generate(_ text: String, reading encoding: Encoding, in run: inout TaskRun) throws -> [Written] {
        guard !run.observing.isEmpty else { return try generate(tokens: encoding.ids) }
        let (written, trace) = try traced(text, reading: encoding, heads: run.observing)
        run.traces.append(trace)
        return written
    }
}

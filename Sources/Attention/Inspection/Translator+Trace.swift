import AttentionDecoding
public import AttentionInspection
public import AttentionLayers
public import AttentionModels
import AttentionTensors
import AttentionText

extension Translator: TraceableModel {
    /// Where the model looks when it reads a text as one sentence and writes its translation: the second text, or the search's best. Neither
    /// sentences nor guards come between, so that what is seen is the model.
    ///
    /// - Throws: `TranslationError` if the text has no words or is too long; `PretrainedError` if there are no such heads.
    public func trace(_ text: String, and second: String? = nil, heads: AttentionSelection = .all) throws
        -> ModelTrace
    {
        try trace(text, and: second, heads: heads, keeping: .attentionAndLikelihoods)
    }

    /// The same, with likelihoods or without.
    public func trace(
        _ text: String, and second: String?, heads: AttentionSelection, keeping content: TraceContent
    ) throws -> ModelTrace {
        try ModelTrace(
            name: model.name, pair(text, second), writer: model.writer, of: model.model, heads: heads,
            chosen: model.alignment, keeping: content)
    }

    public func outcomes(_ kind: TracedAttention.Kind, _ text: String, and second: String? = nil) throws -> WordOutcomes
    {
        try model.model.outcomes(kind, of: try pair(text, second))
    }

    public func splitHeads(
        _ kind: TracedAttention.Kind, _ text: String, and second: String? = nil, at places: [SplitPlaces]
    ) throws -> [SplitHeads]? {
        guard kind == .encoder else {
            return try model.model.splitHeads(kind, of: try pair(text, second), at: places)
        }
        let ids = model.form.sequence(encoding(of: text).ids)
        let source = PaddedBatch([ids], padding: model.form.padding)
        return try places.splitting { try model.model.splitEncoderHeads(source, at: $0.keys, ofLayer: $0.layer) }
    }

    public func searching(beamSize: Int) -> (any TraceableModel)? {
        var model = model
        model.search.beamSize = beamSize
        return Translator(model)
    }

    public func patient(reading texts: [String]) throws -> any AttentionPatient {
        model.model.patient(try texts.map { try pair($0, nil) }, padding: model.form.padding)
    }

    /// - Throws: `TranslationError` if the text has no words, or one of both has more pieces than the model can read or write.
    private func pair(_ text: String, _ second: String?) throws -> TracedPair {
        guard let second else { return try pair(text, foundBy: TranslationOptions(aligns: false)) }
        let (source, target) = (try readable(text), written(second))
        guard target.count <= model.form.stepCountLimit else {
            throw TranslationError.tooLong(pieces: target.count, limit: model.form.stepCountLimit)
        }
        return try pair(text, source, writing: target)
    }

    /// A text with what a search finds, and what its beam held.
    private func pair(_ text: String, foundBy options: TranslationOptions) throws -> TracedPair {
        let source = try readable(text)
        let found = try search(model.model, [source], options, in: BeamHistory())[0]
        let best = found.hypotheses.first
        var pair = try pair(text, source, writing: best?.tokens ?? [])
        if let history = found.history, let best {
            pair.beam = try TracedBeam(history, of: best, behind: model.form.start.count - 1, by: model.writer)
        }
        return pair
    }

    /// What the model reads, and what it writes: where that takes all the places that there are, none is left for an end.
    private func pair(_ text: String, _ source: Encoding, writing target: [Int]) throws -> TracedPair {
        let form = model.form
        func spelt(_ ids: [Int]) -> [String] { ids.map { model.reader.piece(of: $0) ?? "" } }
        return TracedPair(
            source: try TracedSequence(
                name: "source", text: model.prompt + TextCleaner.clean(text), source, before: spelt(form.before),
                behind: spelt(form.behind)),
            sourceIDs: form.sequence(source.ids), start: form.start, target: target,
            end: target.count < form.stepCountLimit ? [form.end] : [])
    }

    /// The pieces of a text.
    private func readable(_ text: String) throws(TranslationError) -> Encoding {
        let source = encoding(of: text)
        guard !source.ids.isEmpty else { throw .noAlignment }
        guard source.ids.count <= pieceLimit else { throw .tooLong(pieces: source.ids.count, limit: pieceLimit) }
        return source
    }

    /// The pieces of a translation.
    private func written(_ translation: String) -> [Int] {
        model.writer.encode(
            TextCleaner.clean(translation), addingSpecialTokens: false, recognizingSpecialTokens: false
        ).ids
    }

    /// Where the model looked when it gave a translation: every head, and what the beam held, if the model wrote it as it stands; the alignment
    /// of words where sentences or guards came between.
    ///
    /// The search is made once more, and finds the same. What it would not find, such as words that a glossary has forced, has no beam.
    /// - Parameter options: how the translation was searched for.
    /// - Throws: `TranslationError` if there is nothing to show.
    public func trace(
        of translation: Translation, foundBy options: TranslationOptions = TranslationOptions()
    ) throws -> ModelTrace {
        let isWhole =
            translation.guards.isEmpty && translation.sentences.count == 1
            && translation.sentences[0].source == translation.source
        guard isWhole else {
            guard let map = translation.alignment else { throw TranslationError.noAlignment }
            return ModelTrace(map)
        }
        return try trace(try pair(translation.source, saying: translation.text, foundBy: options), heads: .all)
    }

    /// Notes among the traces of a run where the heads that it asks for looked while the model read and wrote each sentence of a translation, as
    /// the sentence and its translation stand there, whatever guards have done to it. What was left as it is has none. A translation that has as
    /// many pieces as the model can write, as one that goes round in circles may, is traced as far as that, and counted among `endlessTexts`.
    ///
    /// - Parameter options: how the translation was searched for.
    /// - Throws: `PretrainedError` if there is no head that the run asks for; `TraceError` if the model looks at nothing.
    public func observe(
        _ translation: Translation, foundBy options: TranslationOptions = TranslationOptions(), in run: inout TaskRun
    ) throws {
        guard !run.observing.isEmpty else { return }
        for sentence in translation.sentences
        where !sentence.guards.contains(.untranslated) && !encoding(of: sentence.source).ids.isEmpty {
            let pair = try pair(sentence.source, saying: sentence.text, foundBy: options)
            run.traces.append(try trace(pair, heads: run.observing))
            if pair.end.isEmpty { run.endlessTexts.append(sentence.source) }
        }
    }

    /// A sentence and its translation, as much of it as the model can write, with the beam of the search if that finds it.
    private func pair(_ source: String, saying text: String, foundBy options: TranslationOptions) throws -> TracedPair {
        var options = options
        options.aligns = false
        let found = try pair(source, foundBy: options)
        if model.writer.decode(found.target) == text { return found }
        return try pair(
            source, try readable(source), writing: Array(written(text).prefix(model.form.stepCountLimit)))
    }

    private func trace(_ pair: TracedPair, heads: AttentionSelection) throws -> ModelTrace {
        try ModelTrace(
            name: model.name, pair, writer: model.writer, of: model.model, heads: heads, chosen: model.alignment,
            keeping: .attentionAndLikelihoods)
    }
}

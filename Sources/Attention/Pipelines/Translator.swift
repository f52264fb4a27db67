import AttentionDecoding
import AttentionInspection
public import AttentionModels
import AttentionTensors
import AttentionText

/// Text in one language to text in another, with where the model looked.
///
///     let translator = try Translator.standard()
///     let best = try translator.translate("Where is the nearest train station?")
///     print(best.text)
public struct Translator: HeadedModel {
    /// The model, and text to ids and back.
    public let model: TranslationModel

    /// The most pieces of a sentence: 512, or fewer if the model has no more positions. Longer ones are cut at clauses.
    public var pieceLimit: Int { model.form.pieceLimit }

    /// The heads that can be left out.
    public var heads: HeadCounts { model.model.heads }

    /// A translator with this model.
    public init(_ model: TranslationModel) { self.model = model }

    /// A translator with the model of a folder of our own.
    public init(folder: ModelFolder) { self.init(TranslationModel(folder)) }

    /// A translator with the model of a folder of any kind in `TranslatorSources`.
    /// - Throws: what is wrong with the folder.
    public init(path: String, choice: TranslatorChoice = TranslatorChoice()) throws {
        self.init(try TranslatorSources.model(at: path, choice))
    }

    /// A translator with the model inside the program.
    public static func standard() throws -> Translator { Translator(folder: try .standard()) }

    /// The same translator for many tasks at once, each on a thread of its own: copies of it are stepped together, and the sentences of a task begin and
    /// end at any step of the others'. What each says does not depend on them: bit for bit with `Precision.exact`, to 1e-5 in ln P otherwise.
    public func shared() -> Translator { Translator(model.shared()) }

    /// The pieces of a sentence, cleaned.
    func encoding(of sentence: String) -> Encoding {
        model.reader.encode(
            model.prompt + TextCleaner.clean(sentence), addingSpecialTokens: false, recognizingSpecialTokens: false)
    }

    /// Translations of each sentence as the model gives them, best first. An empty one has one empty translation.
    /// - Throws: `TranslationError` if a sentence is too long.
    /// - Parameter constraint: what translations must be; nil for anything.
    func search(
        _ texts: [String], _ options: TranslationOptions, constraint: TranslationConstraint? = nil,
        progress: (Int) -> Void = { _ in }
    ) throws -> [[Translation]] {
        let encodings = texts.map(encoding)
        if let long = encodings.first(where: { $0.ids.count > pieceLimit }) {
            throw TranslationError.tooLong(pieces: long.ids.count, limit: pieceLimit)
        }
        var results = texts.map { [Translation(source: $0, text: "", logProbability: 0, score: 0, alignment: nil)] }
        // Sentences of similar length are searched together, so that little is wasted on padding; the longest first, so that the last
        // search, which some threads have nothing beside, is a short one.
        let order = encodings.indices.filter { !encodings[$0].ids.isEmpty }.sorted {
            (encodings[$1].ids.count, $0) < (encodings[$0].ids.count, $1)
        }
        let batches = Self.batches(of: order.count)
        func batchesDone(_ count: Int) { progress(batches[count - 1].upperBound) }
        let found = try each(batches.count, progress: batchesDone) { index in
            let rows = order[batches[index]]
            let found = try search(model.model, rows.map { encodings[$0] }, options, constraint)
            return try zip(rows, found).map { row, found in
                try found.hypotheses.map { try translation(of: texts[row], encodings[row], $0, options) }
            }
        }
        for (row, translations) in zip(order, found.joined()) { results[row] = translations }
        return results
    }

    /// So many sentences in even batches: large enough that weights are read for many hypotheses at once, and several where there is
    /// enough, since each is searched by one thread then, with nobody waiting for it.
    private static func batches(of count: Int) -> [Range<Int>] {
        let number = (count + batchLimit - 1) / batchLimit
        return (0..<number).map { count * $0 / number..<count * ($0 + 1) / number }
    }

    private static let batchLimit = 16

    /// What `body` gives for each batch: one beside the other, or one after the other where what stands beside them is what other tasks search.
    func each<Result>(
        _ count: Int, progress: (Int) -> Void = { _ in }, _ body: (Int) throws -> Result
    ) throws -> [Result] {
        guard model.isShared else { return try Parallel.map(count, progress: progress, body) }
        var results: [Result] = []
        for index in 0..<count {
            results.append(try body(index))
            progress(index + 1)
        }
        return results
    }

    /// The hypotheses of each source, best first, and what the beam held.
    /// - Parameter history: what the steps of each source are written down in; nil if nobody wants to know.
    func search(
        _ decoder: some SequenceToSequence, _ sources: [Encoding], _ options: TranslationOptions,
        _ constraint: TranslationConstraint? = nil, in history: BeamHistory? = nil
    ) throws -> [(hypotheses: [Hypothesis], history: BeamHistory?)] {
        let form = model.form
        let batch = PaddedBatch(sources.map { form.sequence($0.ids) }, padding: form.padding)
        // A constraint knows the words by their own ids, and may want one that is on no list.
        guard let shortlist = model.shortlist, constraint == nil else {
            return try search(
                decoder, from: try read { try decoder.start(batch) }, batch, options, constraint, in: history
            ) { $0 }
        }
        let needed = form.start + [form.end]
        let own = sources.map { Set(shortlist.candidates(for: $0.ids + form.behind)).union(needed).sorted() }
        let short = try ShortlistedDecoder(decoder, candidates: own)
        return try search(short, from: try read { try short.start(batch) }, batch, options, in: history) {
            short.token(of: $0)
        } word: {
            short.candidates[$0]
        }
    }

    /// What was read, unless the task was cancelled while it waited for others that read, too.
    private func read<State>(_ work: () throws -> State) throws -> State {
        do { return try work() } catch {
            if Task.isCancelled { throw SearchError.cancelled }
            throw error
        }
    }

    /// - Parameters:
    ///   - token: the decoder's token for a word; nil if it has none.
    ///   - word: the reverse.
    private func search<Decoder: StepDecoder>(
        _ decoder: Decoder, from start: Decoder.State, _ batch: PaddedBatch, _ options: TranslationOptions,
        _ constraint: TranslationConstraint? = nil, in history: BeamHistory?, token: (Int) -> Int?,
        word: (Int) -> Int = { $0 }
    ) throws -> [(hypotheses: [Hypothesis], history: BeamHistory?)] {
        let form = model.form
        var processors: [any LogitProcessor] = []
        if let length = options.repetitionBlock { processors.append(try RepeatedSequences(of: length)) }
        if let constraint { processors.append(constraint.beginning) }
        let search = BeamSearch(
            beamSize: options.beamSize ?? max(model.search.beamSize, options.hypothesisCount),
            hypothesisCount: options.hypothesisCount,
            lengthNormalization: .gnmt(alpha: options.lengthPenalty ?? model.search.lengthPenalty),
            coveragePenalty: coveragePenalty(options),
            tokens: TokenRules(
                endTokens: Set([form.end].compactMap(token)), bannedTokens: Set(form.banned.compactMap(token)),
                processors: processors, stops: constraint?.stop.map { [$0] } ?? []))
        let found = try search.found(
            by: decoder, from: start, prompts: [[Int]](repeating: form.start.compactMap(token), count: batch.rowCount),
            stepLimits: batch.lengths.map {
                min(form.stepLimit.stepCount(sourceLength: $0), form.stepCountLimit)
            }, sourceLengths: batch.lengths, aligning: options.aligns, in: history)
        return found.map { found in
            (found.hypotheses.map { $0.renaming(word) }, found.history.map { $0.renaming(word) })
        }
    }

    private func coveragePenalty(_ options: TranslationOptions) -> CoveragePenalty? {
        let weight = options.coveragePenalty ?? model.search.coveragePenalty
        guard weight != 0 else { return nil }
        return CoveragePenalty(
            weight: weight,
            look: model.alignment.map { .head(layer: $0.layer, head: $0.head) } ?? .mean)
    }

    private func translation(
        of text: String, _ source: Encoding, _ hypothesis: Hypothesis, _ options: TranslationOptions
    ) throws -> Translation {
        let target = model.writer.decodeWords(hypothesis.tokens)
        let first = model.form.before.count
        return Translation(
            source: text, text: model.writer.decode(hypothesis.tokens), logProbability: hypothesis.logProbability,
            score: hypothesis.score,
            alignment: try hypothesis.alignments.map { weights in
                try AlignmentMap(
                    weights: weights.permuted([1, 2, 0, 3]).sliced(axis: 3, first..<first + source.ids.count + 1),
                    source: source, target: target, name: model.name, chosen: model.alignment)
            })
    }
}

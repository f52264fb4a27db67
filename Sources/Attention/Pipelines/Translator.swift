import AttentionDecoding
import AttentionInspection
import AttentionModels
import AttentionTensors
import AttentionText

/// Text in one language to text in another, with where the model looked.
///
///     let translator = try Translator.standard()
///     let best = try translator.translate("Where is the nearest train station?")
///     print(best.text)
public struct Translator: Sendable {
    /// The model and its tokenizer.
    public let folder: ModelFolder

    /// The most pieces of a sentence: 512, or fewer if the model has no more positions. Longer ones are cut at clauses.
    public var pieceLimit: Int { min(512, (folder.configuration.architecture.lengthLimit ?? .max) - 1) }

    /// A translator with this model.
    public init(folder: ModelFolder) { self.folder = folder }

    /// A translator with the model inside the program.
    public static func standard() throws -> Translator { Translator(folder: try .standard()) }

    /// The pieces of a sentence, cleaned.
    func encoding(of sentence: String) -> Encoding {
        folder.tokenizer.encode(
            TextCleaner.clean(sentence), addingSpecialTokens: false, recognizingSpecialTokens: false)
    }

    /// Translations of each sentence as the model gives them, best first. An empty one has one empty translation.
    /// - Throws: `TranslationError` if a sentence is too long.
    func search(_ texts: [String], _ options: TranslationOptions, progress: (Int) -> Void = { _ in }) throws
        -> [[Translation]]
    {
        let encodings = texts.map(encoding)
        if let long = encodings.first(where: { $0.ids.count > pieceLimit }) {
            throw TranslationError.tooLong(pieces: long.ids.count, limit: pieceLimit)
        }
        var results = texts.map { [Translation(source: $0, text: "", logProbability: 0, score: 0, alignment: nil)] }
        // Sentences of similar length are searched together, so that little is wasted on padding.
        let order = encodings.indices.filter { !encodings[$0].ids.isEmpty }.sorted {
            (encodings[$0].ids.count, $0) < (encodings[$1].ids.count, $1)
        }
        for start in stride(from: 0, to: order.count, by: Self.batchSize) {
            let rows = order[start..<min(order.count, start + Self.batchSize)]
            let found = try search(folder.model, rows.map { encodings[$0] }, options)
            for (row, hypotheses) in zip(rows, found) {
                results[row] = try hypotheses.map { try translation(of: texts[row], encodings[row], $0, options) }
            }
            progress(rows.endIndex)
        }
        return results
    }

    private static let batchSize = 32
    private static let lengthLimit = LengthLimit(absolute: 10, perSourceToken: 2)

    private func search(
        _ model: some SequenceToSequence, _ sources: [Encoding], _ options: TranslationOptions
    ) throws -> [[Hypothesis]] {
        let special = folder.configuration.architecture.special
        let batch = PaddedBatch(sources.map { $0.ids + [special.end] }, padding: special.padding)
        let search = BeamSearch(
            beamSize: options.beamSize, hypothesisCount: options.hypothesisCount,
            lengthNormalization: .gnmt(alpha: options.lengthPenalty),
            coveragePenalty: coveragePenalty(options), repetitionBlock: options.repetitionBlock,
            tokens: TokenRules(endTokens: [special.end], bannedTokens: [special.padding, special.start]))
        return try search.search(
            model, from: try model.start(batch),
            startTokens: [Int](repeating: special.start, count: batch.rowCount),
            stepLimits: batch.lengths.map {
                min(Self.lengthLimit.stepCount(sourceLength: $0), folder.configuration.architecture.lengthLimit ?? .max)
            }, sourceLengths: batch.lengths, aligning: options.aligns)
    }

    private func coveragePenalty(_ options: TranslationOptions) -> CoveragePenalty? {
        guard options.coveragePenalty != 0 else { return nil }
        let head = folder.configuration.alignment
        return CoveragePenalty(
            weight: options.coveragePenalty, look: head.map { .head(layer: $0.layer, head: $0.head) } ?? .mean)
    }

    private func translation(
        of text: String, _ source: Encoding, _ hypothesis: Hypothesis, _ options: TranslationOptions
    ) throws -> Translation {
        let target = folder.tokenizer.decodeWords(hypothesis.tokens)
        return Translation(
            source: text, text: folder.tokenizer.decode(hypothesis.tokens), logProbability: hypothesis.logProbability,
            score: hypothesis.score,
            alignment: try hypothesis.alignments.map { weights in
                try AlignmentMap(
                    weights: weights.permuted([1, 2, 0, 3]).sliced(axis: 3, 0..<source.ids.count + 1), source: source,
                    target: target, name: folder.configuration.name, chosen: folder.configuration.alignment)
            })
    }
}

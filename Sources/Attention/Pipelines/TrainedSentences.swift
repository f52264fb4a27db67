import AttentionInspection
import AttentionModels
import AttentionTensors
import AttentionText
import AttentionTraining

/// The sentences that a training is watched by: where its decoder looks in the source of each when it is to write its translation.
struct TrainedSentences {
    /// So many are watched at most.
    static let limit = 8
    /// Sides of more pieces, with their end, are refused.
    static let pieceLimit = 64

    private let pairs: [SentencePair]
    private let data: TranslationData

    /// - Throws: `TranslationTrainingError.untraceable` if there are too many, or one is too long for traces or for the model.
    init(_ pairs: [SentencePair], _ data: TranslationData, lengthLimit: Int?) throws(TranslationTrainingError) {
        (self.pairs, self.data) = (pairs, data)
        guard pairs.count <= Self.limit else {
            throw .untraceable(expected: "at most \(Self.limit) sentences", found: "\(pairs.count)")
        }
        let limit = min(Self.pieceLimit, lengthLimit ?? .max)
        for pair in pairs {
            let count = [pair.source, pair.target].map { data.encode($0).count }.max() ?? 0
            guard pair.hasContent, count <= limit else {
                throw .untraceable(
                    expected: "two sides of 2 to \(limit) pieces", found: "\"\(pair.source)\" of \(count)")
            }
        }
    }

    /// A trace of each, of cross-attention alone.
    /// - Throws: `TranslationTrainingError.untraceable` if the model has none.
    func traces(by model: some SequenceToSequence) throws -> [ModelTrace] {
        try withPrecision(.float32) {
            try pairs.map { pair in
                let (source, target) = (data.encode(pair.source), data.encode(pair.target))
                let spelt = [data.special.end].map { data.tokenizer.piece(of: $0) ?? "" }
                let encoding = data.tokenizer.encode(
                    TextCleaner.clean(pair.source), addingSpecialTokens: false, recognizingSpecialTokens: false)
                let traced = TracedPair(
                    source: try TracedSequence(
                        name: "source", text: TextCleaner.clean(pair.source), encoding, behind: spelt),
                    sourceIDs: source, start: [data.special.start], target: Array(target.dropLast()),
                    end: [data.special.end])
                return try ModelTrace(crossing: traced, writer: data.tokenizer, of: model)
            }
        }
    }
}

extension ModelTrace {
    /// Cross-attention of a pair alone.
    fileprivate init(crossing pair: TracedPair, writer: Tokenizer, of model: some SequenceToSequence) throws {
        let whole = try ModelTrace(
            name: pair.source.text, pair, writer: writer, of: model, heads: .all, keeping: .attention)
        guard let cross = whole.attention.first(where: { $0.kind == .cross }) else {
            throw TranslationTrainingError.untraceable(
                expected: "a model that looks at its source", found: "one without attention")
        }
        try self.init(
            name: whole.name, sequences: [whole.queries(of: cross), whole.keys(of: cross)],
            attention: [
                TracedAttention(
                    kind: .cross, queries: 0, keys: 1, layers: cross.layers, heads: cross.heads, weights: cross.weights)
            ])
    }
}

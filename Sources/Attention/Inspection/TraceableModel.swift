import AttentionFiles
public import AttentionInspection
public import AttentionLayers
public import AttentionModels

/// A model whose attention can be written down while it reads a text, or makes one of it.
public protocol TraceableModel: HeadedModel {
    /// Where chosen heads look.
    ///
    /// - Parameters:
    ///   - text: what the model reads.
    ///   - second: what it is to read or to have written besides; nil for nothing, or for what it writes by itself.
    ///   - heads: the heads that are looked into, counted from 0; the weights of others are never kept.
    ///   - content: what is written down.
    /// - Throws: `PretrainedError` if there are no such heads, or the text is too long; what the model throws.
    func trace(
        _ text: String, and second: String?, heads: AttentionSelection, keeping content: TraceContent
    ) throws -> ModelTrace

    /// What the model gives at each place that looks, by the vectors of what is looked at.
    ///
    /// - Throws: `FaithfulnessError.kind` where that is not known of such attention; what the model throws.
    func outcomes(_ kind: TracedAttention.Kind, _ text: String, and second: String?) throws -> WordOutcomes

    /// What the heads of each of these layers compare at some places, by what has written it; nil where that is not known.
    /// - Throws: what the model throws.
    func splitHeads(
        _ kind: TracedAttention.Kind, _ text: String, and second: String?, at places: [SplitPlaces]
    ) throws -> [SplitHeads]?

    /// The model with texts to be examined on.
    /// - Throws: what the model throws.
    func patient(reading texts: [String]) throws -> any AttentionPatient

    /// The same model, which finds what it writes by a search that keeps so many hypotheses; nil if it writes nothing by itself.
    func searching(beamSize: Int) -> (any TraceableModel)?
}

/// What is written down of a text.
public enum TraceContent: Sendable, Hashable {
    /// Where heads look.
    case attention
    /// Where heads look, and of what is written how likely each piece was: one more product with the vocabulary for each.
    case attentionAndLikelihoods
}

extension TraceableModel {
    /// Where chosen heads look, and how likely the pieces were that are written.
    /// - Throws: as with a content.
    public func trace(_ text: String, and second: String?, heads: AttentionSelection) throws -> ModelTrace {
        try trace(text, and: second, heads: heads, keeping: .attentionAndLikelihoods)
    }

    /// It writes nothing, unless the model says how.
    public func searching(beamSize: Int) -> (any TraceableModel)? { nil }

    /// Nothing is known, unless the model says it.
    public func splitHeads(
        _ kind: TracedAttention.Kind, _ text: String, and second: String?, at places: [SplitPlaces]
    ) throws -> [SplitHeads]? { nil }
}

extension [SplitPlaces] {
    /// What is known of all layers; nil if one of them says nothing.
    func splitting(_ layer: (SplitPlaces) throws -> SplitHeads?) rethrows -> [SplitHeads]? {
        var found: [SplitHeads] = []
        for places in self {
            guard let heads = try layer(places) else { return nil }
            found.append(heads)
        }
        return found
    }
}

/// The kinds of models that can be looked into.
public enum TraceableModels {
    /// The model of a folder of any kind that translates, encodes or continues texts, or of a GGUF file.
    ///
    /// - Parameter choice: what is to be said of translators that can do more than one thing.
    /// - Throws: what is wrong with the folder.
    public static func model(at path: String, _ choice: TranslatorChoice = TranslatorChoice()) throws
        -> any TraceableModel
    {
        guard try PretrainedFolder.isOne(at: path) else { return try Translator(path: path, choice: choice) }
        let folder = try PretrainedFolder(path: path)
        if folder.family.encoders != nil, try folder.model().generator == nil {
            return TracedEncoder(name: folder.name, try TextModel(path: path, task: .features))
        }
        if PretrainedTranslator.translates(folder, choice) { return try Translator(path: path, choice: choice) }
        let generator = try TextGenerator(path: path)
        guard let tokenizer = generator.tokenizer else { throw PretrainedError.noTokenizer(folder: path) }
        if let model = generator.model.languageModel {
            return TracedDecoder(name: folder.name, model: model, tokenizer: tokenizer)
        }
        guard let model = generator.model.sequenceToSequence else {
            throw PretrainedError.wrongTask(
                needed: "attention over a text", found: folder.architecture, folder: path)
        }
        return TracedWriter(name: folder.name, model: model, generator: generator, tokenizer: tokenizer)
    }
}

extension PretrainedFolder {
    /// The last name of the path, for pictures.
    fileprivate var name: String { path.lastName }
}

extension String {
    /// The last name of a path, for pictures.
    var lastName: String { String(split(separator: "/").last ?? "model") }
}

public import AttentionDecoding
public import AttentionInspection
public import AttentionModels
public import AttentionText

/// What a translator is made of, whatever kind of folder it lay in: a model, text to ids and back, and how its sequences begin and end.
public struct TranslationModel: Sendable {
    /// A name for pictures and lists.
    public var name: String
    /// What reads and writes.
    public private(set) var model: any SequenceToSequence
    /// Whether several tasks step it together, see `shared`.
    public private(set) var isShared = false
    /// Text of the source to ids.
    public let reader: Tokenizer
    /// Ids of the target to text; mostly the same.
    public let writer: Tokenizer
    /// What stands before the text of every source: the task, for models that have many.
    public let prompt: String
    /// How ids become sequences.
    public let form: SequenceForm
    /// The decoder layer and head whose attention is shown as the alignment; nil for the mean of all.
    public let alignment: HeadIndex?
    /// Which words a source can bring about; nil: any.
    public let shortlist: LexicalShortlist?
    /// The search it was tuned for.
    public internal(set) var search: SearchSettings

    /// A model of these parts.
    public init(
        name: String, model: any SequenceToSequence, reader: Tokenizer, writer: Tokenizer, prompt: String = "",
        form: SequenceForm, alignment: HeadIndex? = nil, shortlist: LexicalShortlist? = nil,
        search: SearchSettings = SearchSettings()
    ) {
        (self.name, self.model, self.reader, self.writer) = (name, model, reader, writer)
        (self.prompt, self.form, self.alignment) = (prompt, form, alignment)
        (self.shortlist, self.search) = (shortlist, search)
    }

    /// The same model for many tasks at once: what their searches want at about the same time is read together, see `GatheringTranslator`.
    public func shared() -> TranslationModel {
        guard !isShared else { return self }
        func gathering<Model: SequenceToSequence>(_ model: Model) -> any SequenceToSequence {
            GatheringTranslator(model)
        }
        var result = self
        (result.model, result.isShared) = (gathering(model), true)
        return result
    }

    /// The model of a folder of our own.
    public init(_ folder: ModelFolder) {
        let architecture = folder.configuration.architecture
        let special = architecture.special
        self.init(
            name: folder.configuration.name, model: folder.model, reader: folder.tokenizer, writer: folder.tokenizer,
            form: SequenceForm(
                behind: [special.end], start: [special.start], end: special.end,
                banned: [special.padding, special.start], padding: special.padding,
                lengthLimit: architecture.lengthLimit,
                stepLimit: LengthLimit(absolute: 10, perSourceToken: 2)),
            alignment: folder.configuration.alignment, search: folder.configuration.search)
    }
}

/// How the ids of a text become a sequence that a model reads, and where one that it writes begins and ends.
public struct SequenceForm: Sendable, Hashable {
    /// The ids before those of a source.
    public var before: [Int] = []
    /// The ids behind them.
    public var behind: [Int]
    /// The ids that every target begins with, at least one.
    public var start: [Int]
    /// The id that ends a target.
    public var end: Int
    /// Ids that are never written.
    public var banned: Set<Int>
    /// The id that fills rows up.
    public var padding: Int
    /// The longest sequence that can be read or written; nil if there is no limit.
    public var lengthLimit: Int?
    /// How many ids are written at most.
    public var stepLimit: LengthLimit

    /// A form of these parts.
    public init(
        before: [Int] = [], behind: [Int], start: [Int], end: Int, banned: Set<Int>, padding: Int, lengthLimit: Int?,
        stepLimit: LengthLimit
    ) {
        (self.before, self.behind, self.start, self.end) = (before, behind, start, end)
        (self.banned, self.padding) = (banned, padding)
        (self.lengthLimit, self.stepLimit) = (lengthLimit, stepLimit)
    }

    /// The sequence of these ids.
    func sequence(_ ids: [Int]) -> [Int] { before + ids + behind }

    /// The most ids that can follow the start: the last of them is never read again.
    var stepCountLimit: Int { lengthLimit.map { max(0, $0 - start.count + 1) } ?? .max }

    /// The most ids of a text: 512, or fewer if the model has no more positions.
    var pieceLimit: Int { min(512, (lengthLimit ?? .max) - before.count - behind.count) }
}

public import AttentionDecoding
public import AttentionLayers
public import AttentionMechanisms
public import AttentionTensors

/// A model that continues text: it reads tokens from left to right and says after each what may come next.
public protocol LanguageModel: GenerativeModel where State: TextState {
    /// Nothing read yet, by so many rows; the numbers of keys and values are kept as `format` says.
    func start(rowCount: Int, format: PageFormat) -> State
    /// How they are kept where nothing else is said.
    var pageFormat: PageFormat { get }
    /// Whether the longest text beside it has a say in how a text is read: texts then cannot be cut or brought together without a change.
    var dependsOnLongestText: Bool { get }
    /// What the heads of a layer compare at some places of a text, by what has written it; nil where that is not known.
    /// - Throws: `ShapeError` if an id is outside the vocabulary, or there is no such place.
    func splitHeads(_ ids: [Int], at places: [Int], ofLayer index: Int) throws(ShapeError) -> SplitHeads?
}

/// What a language model remembers of texts that grow.
public protocol TextState: JoinableState {
    /// How many tokens each row has read.
    var lengths: [Int] { get }
    /// How numbers are kept.
    var format: PageFormat { get }
    /// What is kept, in bytes; what rows share counts once.
    var byteCount: Int { get }
    /// Takes back what was read behind these lengths, one for each row: a speculation that did not hold.
    /// - Throws: `ShapeError` if a row is shorter, or what would be looked at again is forgotten; the state is then as before.
    mutating func truncate(to lengths: [Int]) throws(ShapeError)
}

extension TextState {
    /// What a text looks at in itself grows with every step.
    public var alignedLength: Int? { nil }
}

extension LanguageModel {
    /// As they are.
    public var pageFormat: PageFormat { .float32 }

    /// Nothing read yet, by so many rows.
    public func start(rowCount: Int) -> State { start(rowCount: rowCount, format: pageFormat) }

    /// Nothing is known, unless the model says it.
    public func splitHeads(_ ids: [Int], at places: [Int], ofLayer index: Int) throws(ShapeError) -> SplitHeads? { nil }

    /// A prompt is what has been read already.
    public func start(_ rows: [[Int]]) throws -> GenerationStart<State> {
        GenerationStart(state: start(rowCount: rows.count), prompts: rows)
    }
}

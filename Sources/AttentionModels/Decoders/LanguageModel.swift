public import AttentionDecoding
public import AttentionMechanisms
public import AttentionTensors

/// A model that continues text: it reads tokens from left to right and says after each what may come next.
public protocol LanguageModel: GenerativeModel where State: TextState {
    /// Nothing read yet, by so many rows; the numbers of keys and values are kept as `format` says.
    func start(rowCount: Int, format: PageFormat) -> State
    /// Whether the longest text beside it has a say in how a text is read: texts then cannot be cut or brought together without a change.
    var dependsOnLongestText: Bool { get }
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
    /// A prompt is what has been read already.
    public func start(_ rows: [[Int]]) throws -> GenerationStart<State> {
        GenerationStart(state: start(rowCount: rows.count, format: .float32), prompts: rows)
    }
}

public import AttentionDecoding
public import AttentionMechanisms
public import AttentionTensors

/// A model that continues text: it reads tokens from left to right and says after each what may come next.
public protocol LanguageModel: GenerativeModel {
    /// Nothing read yet, by so many rows; the numbers of keys and values are kept as `format` says.
    func start(rowCount: Int, format: PageFormat) -> State
    /// How many tokens each row has read.
    func lengths(of state: State) -> [Int]
    /// Takes back what was read behind these lengths, one for each row: a speculation that did not hold.
    /// - Throws: `ShapeError` if a row is shorter, or what would be looked at again is forgotten.
    func truncate(_ state: inout State, to lengths: [Int]) throws(ShapeError)
}

extension LanguageModel {
    /// A prompt is what has been read already.
    public func start(_ rows: [[Int]]) throws -> GenerationStart<State> {
        GenerationStart(state: start(rowCount: rows.count, format: .float32), prompts: rows)
    }
}

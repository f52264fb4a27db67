public import AttentionDecoding
public import AttentionTensors

/// A model that writes tokens: a language model behind its prompt, a translator, a describer of pictures or of speech behind what it was given.
///
/// It says how it begins; search, sampling and all else are the same for all of them.
public protocol GenerativeModel: PretrainedModel, StepDecoder {
    /// V.
    var vocabularySize: Int { get }
    /// The most tokens in a row that the decoder was made for, those it begins with included; nil if nothing is said.
    var lengthLimit: Int? { get }
    /// How it begins behind these rows of tokens.
    /// - Throws: `ShapeError` if a token is not in the vocabulary.
    func start(_ rows: [[Int]]) throws -> GenerationStart<State>
    /// How it begins behind a row of named inputs, such as `forward` reads.
    /// - Throws: `PretrainedError`, `SafetensorsError` or `ShapeError` if the inputs do not fit.
    func start(_ inputs: SafetensorsFile, row: Int) throws -> GenerationStart<State>
    /// The same model for several threads that step it at once, together where it can be; itself unless it says otherwise.
    var gathering: any GenerativeModel { get }
}

/// What generation begins with.
public struct GenerationStart<State: DecoderState>: Sendable {
    /// What the decoder remembers of what it was given; it has read none of the prompts.
    public var state: State
    /// The tokens that each row begins with; nil leaves them to the configuration, as for a translator, which begins with a token of its own.
    public var prompts: [[Int]]?

    /// A beginning of these parts.
    public init(state: State, prompts: [[Int]]?) { (self.state, self.prompts) = (state, prompts) }
}

extension GenerativeModel {
    public var gathering: any GenerativeModel { self }

    /// Unless the model reads other things: behind the `input_ids` of that row which its `attention_mask` admits.
    public func start(_ inputs: SafetensorsFile, row: Int) throws -> GenerationStart<State> {
        try start([inputs.tokens(row: row)])
    }
}

extension SafetensorsFile {
    /// The real ones of a row of `input_ids`.
    /// - Throws: `PretrainedError` if there is no such row; `SafetensorsError` if there are no ids.
    func tokens(row: Int) throws -> [Int] {
        let shape = try shape(of: "input_ids")
        guard shape.rank == 2, row >= 0, row < shape[0] else {
            throw PretrainedError.badInput(
                "input_ids", source: source, expected: "ids [B, L] with a row \(row)", found: "\(shape)")
        }
        let range = row * shape[1]..<(row + 1) * shape[1]
        let ids = try integers(named: "input_ids")[range]
        guard contains("attention_mask") else { return Array(ids) }
        let found = try self.shape(of: "attention_mask")
        guard found == shape else {
            throw PretrainedError.badInput("attention_mask", source: source, expected: "\(shape)", found: "\(found)")
        }
        return zip(ids, try integers(named: "attention_mask")[range]).filter { $0.1 != 0 }.map(\.0)
    }
}

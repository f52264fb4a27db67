import AttentionDecoding
public import AttentionMechanisms
public import AttentionTensors

/// A language model that has read ahead of what it is told: a beginning that many prompts share, read once, and what a drafter guesses that it
/// will be told next, read together with what it was told.
///
/// Nothing but time changes: told what it has read, it answers at once; told something else, it takes back what it has read in vain. So any
/// search, sampling and all processors give what they give with the model alone. Guesses are made for a single text; in a batch, reading
/// ahead for one would make the others wait.
///
/// ```swift
/// let model = try AnticipatingModel(base, drafter: PromptLookup())
/// ```
///
/// Source: Leviathan et al. 2023, *Fast Inference from Transformers via Speculative Decoding*; here the model's own distribution is drawn from
/// always, and a guess is only a reason to have it ready.
///
/// What a conversation remembers is the same with another expectation, that its next turn begins as the last one ended: `RememberedText`.
public struct AnticipatingModel<Base: LanguageModel, Guesser: Drafter>: WrappingModel {
    /// What reads and says what may come next.
    public var base: Base
    /// What guesses.
    public let drafter: Guesser
    /// What all prompts are expected to begin with, and what the model remembers of it.
    private let beginning: (tokens: [Int], state: Base.State)

    /// A model that reads a beginning now, for all prompts that share it, and guesses with `drafter`.
    /// - Throws: `PretrainedError.promptTooLong` if there is no room behind the beginning; `ShapeError` if a token of it is not in the
    ///   vocabulary.
    public init(_ base: Base, beginning tokens: [Int] = [], drafter: Guesser) throws {
        if let limit = base.lengthLimit, tokens.count >= limit {
            throw PretrainedError.promptTooLong(tokens: tokens.count, limit: limit)
        }
        var state = base.start(rowCount: 1)
        if !tokens.isEmpty { _ = try base.step([tokens], &state, wanting: []) }
        (self.base, self.drafter, beginning) = (base, drafter, (tokens, state))
    }

    /// A model that guesses nothing, for one who hands it states that have read already: see `RememberedText`.
    init(remembering base: Base) where Guesser == NoDrafter {
        (self.base, drafter, beginning) = (base, NoDrafter(), ([], base.start(rowCount: 1)))
    }

    /// Those of the base.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try base.visit(&visitor, path)
    }

    public func start(rowCount: Int, format: PageFormat) -> State {
        State(
            base: base.start(rowCount: rowCount, format: format), rowCount: rowCount, format: format,
            memory: drafter.start)
    }

    /// Behind prompts, of which those that begin as was expected have been read in part.
    public func start(_ rows: [[Int]]) throws -> GenerationStart<State> {
        let shared = [Int](repeating: 0, count: rows.count)
        var state = State(
            base: try beginning.state.selecting(shared), rowCount: rows.count, format: pageFormat, memory: drafter.start
        )
        state.read = [[Int]](repeating: beginning.tokens, count: rows.count)
        return GenerationStart(state: state, prompts: rows)
    }
}

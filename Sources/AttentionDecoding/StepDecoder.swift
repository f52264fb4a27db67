public import AttentionTensors

/// Everything a decoder remembers for R hypotheses.
public protocol DecoderState: Sendable {
    /// R.
    var rowCount: Int { get }
    /// The memories of these rows, in this order; a row may be dropped or repeated.
    /// - Throws: `ShapeError` if there is no such row.
    func selecting(_ rows: [Int]) throws(ShapeError) -> Self
}

/// What a decoder remembers where rows of several callers can be brought together, stepped on as one and parted again.
public protocol JoinableState: DecoderState {
    /// The rows of all these in one, in this order; `selecting` parts them again. Nothing is copied but who remembers what.
    /// - Throws: `ShapeError` if there are none, they are not of one model, or they cannot be read side by side.
    static func joining(_ states: [Self]) throws(ShapeError) -> Self
    /// K: how many tokens of the longest source alignments have a place for; nil where that is no matter of sources.
    var alignedLength: Int? { get }
    /// Whether others can be joined to it at all.
    var isJoinable: Bool { get }
}

extension JoinableState {
    /// It can.
    public var isJoinable: Bool { true }
}

/// What a step is to give; what is not asked for is not computed.
public struct DecoderOutputs: OptionSet, Sendable, Hashable {
    public let rawValue: Int

    public init(rawValue: Int) { self.rawValue = rawValue }

    /// How much each token of the vocabulary is favoured behind the last token of each row.
    public static let logits = DecoderOutputs(rawValue: 1)
    /// The same behind every token.
    public static let allLogits = DecoderOutputs(rawValue: 2)
    /// What every token sees before the output map.
    public static let hidden = DecoderOutputs(rawValue: 4)
    /// Where each layer and head looked in the source for every token.
    public static let alignments = DecoderOutputs(rawValue: 8)
}

/// What a step of a decoder gives for R rows of at most T tokens: what was asked for, the rest nil. Entries behind the end of a shorter row
/// mean nothing.
public struct DecoderStep: Sendable {
    /// [R, V], behind the last token of each row.
    public var logits: Tensor?
    /// [R, T, V].
    public var allLogits: Tensor?
    /// [R, T, M].
    public var hidden: Tensor?
    /// [R, T, L, H, K]; nil too if the model has no attention.
    public var alignments: Tensor?

    /// A step's results.
    public init(
        logits: Tensor? = nil, allLogits: Tensor? = nil, hidden: Tensor? = nil, alignments: Tensor? = nil
    ) {
        self.logits = logits
        self.allLogits = allLogits
        self.hidden = hidden
        self.alignments = alignments
    }
}

/// A model that writes one token after another. Search and sampling know nothing else about it.
///
/// However tokens are cut into chunks, the state and the outputs are the same: a prompt may be read at once, and a few tokens that were
/// guessed be checked together.
public protocol StepDecoder: Sendable {
    /// What it remembers.
    associatedtype State: DecoderState
    /// Reads the next tokens of each of R hypotheses, at least one for each, and tells what was asked for.
    ///
    /// The state is changed in place: who wants to go back keeps a copy, which costs nothing until one of the two is stepped on.
    /// - Throws: `ShapeError` if there are not tokens for each row, or one is not in the vocabulary; the state is then as before.
    func step(
        _ tokens: [[Int]], _ state: inout State, wanting outputs: DecoderOutputs
    ) throws(ShapeError) -> DecoderStep
}

extension StepDecoder {
    /// - Throws: `ShapeError` unless there is at least one token for each row of the state.
    package func check(_ tokens: [[Int]], _ state: State) throws(ShapeError) {
        guard tokens.count == state.rowCount, tokens.allSatisfy({ !$0.isEmpty }) else {
            throw ShapeError(
                "step", expected: "at least one token for each of \(state.rowCount) rows",
                found: "\(tokens.map(\.count))")
        }
    }
}

public import AttentionTensors

/// Everything a decoder remembers for R hypotheses.
public protocol DecoderState: Sendable {
    /// R.
    var rowCount: Int { get }
    /// The memories of these rows, in this order; a row may be dropped or repeated.
    /// - Throws: `ShapeError` if there is no such row.
    func selecting(_ rows: [Int]) throws(ShapeError) -> Self
}

/// What one step of a decoder gives.
public struct DecoderStep<State: DecoderState>: Sendable {
    /// [R, V]: how much each token of the vocabulary is favoured next.
    public let logits: Tensor
    /// [R, L, H, K]: where each layer and head looked in the source; nil if the model has no attention.
    public let alignments: Tensor?
    /// What to remember for the next step.
    public let state: State

    /// A step's results.
    public init(logits: Tensor, alignments: Tensor?, state: State) {
        self.logits = logits
        self.alignments = alignments
        self.state = state
    }
}

/// A model that writes one token after another. Search and sampling know nothing else about it.
public protocol StepDecoder: Sendable {
    /// What it remembers.
    associatedtype State: DecoderState
    /// Reads the last token of each of R hypotheses and tells what may come next.
    /// - Throws: `ShapeError` if there is not one token per row, or one is not in the vocabulary.
    func step(_ tokens: [Int], _ state: State) throws(ShapeError) -> DecoderStep<State>
}

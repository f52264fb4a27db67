public import AttentionDecoding
import AttentionMechanisms
import AttentionTensors
import Synchronization

/// What a language model has read last: of a text that begins as this one did, only the rest is read.
///
/// A value; copies go their own ways, and share what they had in common.
public protocol RememberedText: Sendable {
    /// The tokens that have been read.
    var tokens: [Int] { get }
    /// What follows tokens, as `generation` says, best first: the same as of a model that has read nothing.
    ///
    /// What was read is remembered, also if the task is cancelled on the way.
    /// - Parameter receive: told of each token at once; with beams, or where several texts are wanted, never.
    /// - Throws: as `generate` of the model.
    mutating func generate(
        behind tokens: [Int], _ generation: Generation, receive: ((_ token: WrittenToken) -> Void)?
    ) throws -> [Hypothesis]
}

extension LanguageModel {
    /// A memory in which nothing is yet.
    public var rememberedText: any RememberedText { ReadText(AnticipatingModel(remembering: self)) }
}

/// The memory of one model: an `AnticipatingModel` to which all that it was told before is what it expects to be told next.
private struct ReadText<Model: LanguageModel>: RememberedText {
    typealias Reader = AnticipatingModel<Model, NoDrafter>

    private let reader: Reader
    private var state: Reader.State

    init(_ reader: Reader) { (self.reader, state) = (reader, Self.fresh(reader)) }

    private static func fresh(_ reader: Reader) -> Reader.State { reader.start(rowCount: 1) }

    var tokens: [Int] { state.read[0] }

    mutating func generate(
        behind text: [Int], _ generation: Generation, receive: ((_ token: WrittenToken) -> Void)?
    ) throws -> [Hypothesis] {
        let (generation, prompts) = try reader.bounded(generation, [text], rowCount: 1)
        let watched = WatchedReader(reader: reader)
        let begun = state.untold
        // Whoever is the only one to hold a state may change it without copying it.
        state = Self.fresh(reader)
        defer { if let last = watched.last.current { state = last } }
        return try generation(watched, from: begun, prompts: prompts) { _, token in receive?(token) }[0]
    }
}

/// The model, for one who wants to know what it has read when a search is over.
private struct WatchedReader<Model: LanguageModel>: StepDecoder {
    let reader: Model
    /// What the last step of a single row has left.
    let last = SharedState<Model.State>()

    func step(
        _ tokens: [[Int]], _ state: inout Model.State, wanting outputs: DecoderOutputs
    ) throws(ShapeError) -> DecoderStep {
        let isSingle = state.rowCount == 1
        if isSingle { last.current = nil }
        let step = try reader.step(tokens, &state, wanting: outputs)
        if isSingle { last.current = state }
        return step
    }
}

/// A state that a search leaves behind.
private final class SharedState<State: Sendable>: Sendable {
    private let value = Mutex<State?>(nil)

    var current: State? {
        get { value.withLock { $0 } }
        set { value.withLock { $0 = newValue } }
    }
}

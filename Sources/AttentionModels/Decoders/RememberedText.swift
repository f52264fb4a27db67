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
        behind tokens: [Int], _ generation: Generation, receive: ((_ token: Int) -> Void)?
    ) throws -> [Hypothesis]
}

extension LanguageModel {
    /// A memory in which nothing is yet.
    public var rememberedText: any RememberedText { ReadText(model: self) }
}

/// The memory of one model.
private struct ReadText<Model: LanguageModel>: RememberedText {
    let model: Model
    private(set) var tokens: [Int] = []
    private var state: Model.State?

    init(model: Model) { self.model = model }

    mutating func generate(
        behind text: [Int], _ generation: Generation, receive: ((_ token: Int) -> Void)?
    ) throws -> [Hypothesis] {
        let (generation, prompts) = try model.bounded(generation, [text], rowCount: 1)
        // What comes next is known behind the last token, so that one is read again.
        let common = min(zip(tokens, prompts[0]).prefix { $0 == $1 }.count, prompts[0].count - 1)
        let begun = beginning(common)
        let reader = ResumedReader(model: model)
        var written: [Int] = []
        (state, tokens) = (nil, [])
        defer {
            if let read = reader.lastRead.current {
                state = read
                tokens = Array((prompts[0] + written).prefix(model.lengths(of: read)[0]))
            }
        }
        return try generation(reader, from: begun, prompts: prompts) { _, token in
            written.append(token)
            receive?(token)
        }[0]
    }

    /// A state that has read so many of the tokens; one that has read nothing where a window has left behind what would be needed.
    private func beginning(_ count: Int) -> ResumedReader<Model>.State {
        guard count > 0, var state else { return .init(inner: model.start(rowCount: 1, format: .float32), read: 0) }
        do { try model.truncate(&state, to: [count]) } catch {
            return .init(inner: model.start(rowCount: 1, format: .float32), read: 0)
        }
        return .init(inner: state, read: count)
    }
}

/// The model, for a search whose prompt has been read in part.
private struct ResumedReader<Model: LanguageModel>: StepDecoder {
    let model: Model
    /// What the last step of a single row has left.
    let lastRead = SharedState<Model.State>()

    struct State: DecoderState {
        var inner: Model.State
        /// How many tokens of the prompt are passed over; 0 behind it.
        var read: Int

        var rowCount: Int { inner.rowCount }

        func selecting(_ rows: [Int]) throws(ShapeError) -> State {
            State(inner: try inner.selecting(rows), read: read)
        }
    }

    func step(
        _ tokens: [[Int]], _ state: inout State, wanting outputs: DecoderOutputs
    ) throws(ShapeError) -> DecoderStep {
        let isSingle = state.rowCount == 1
        // Whoever is the only one to hold a state may change it without copying it.
        if isSingle { lastRead.current = nil }
        let step = try model.step(tokens.map { Array($0.dropFirst(state.read)) }, &state.inner, wanting: outputs)
        state.read = 0
        if isSingle { lastRead.current = state.inner }
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

import AttentionDecoding
import AttentionTensors
import Synchronization

/// A decoder whose logits are a function of the source and of every token read so far, which only its state remembers: rows that are
/// mixed up change everything that follows.
struct HistoryDecoder: StepDecoder {
    struct State: DecoderState {
        var sources: [Int]
        var histories: [[Int]]

        var rowCount: Int { sources.count }

        func selecting(_ rows: [Int]) throws(ShapeError) -> State {
            guard rows.allSatisfy(sources.indices.contains) else {
                throw ShapeError("selecting", expected: "rows below \(rowCount)", found: "\(rows)")
            }
            return State(sources: rows.map { sources[$0] }, histories: rows.map { histories[$0] })
        }
    }

    let vocabularySize: Int
    /// How far apart logits lie.
    var spread: Float = 3
    let stepRowCounts = RowCounts()

    static func start(_ sources: [Int]) -> State {
        State(sources: sources, histories: sources.map { _ in [] })
    }

    func logits(source: Int, history: [Int]) -> [Float] {
        let key = history.reduce(RandomKey(seed: 40)[source]) { $0[$1] }
        return Tensor.normal([vocabularySize], deviation: spread, key: key).values
    }

    /// Every row writes one token at a time.
    func step(
        _ tokens: [[Int]], _ state: inout State, wanting outputs: DecoderOutputs
    ) throws(ShapeError) -> DecoderStep {
        try check(tokens, state)
        stepRowCounts.append(tokens.count)
        for row in tokens.indices { state.histories[row] += tokens[row] }
        let rows = tokens.indices.map { logits(source: state.sources[$0], history: state.histories[$0]) }
        let looks = tokens.indices.flatMap { [Float(state.sources[$0]), Float(tokens[$0][0])] }
        return DecoderStep(
            logits: try Tensor(rows.flatMap { $0 }, shape: [tokens.count, vocabularySize]),
            alignments: outputs.contains(.alignments) ? try Tensor(looks, shape: [tokens.count, 1, 1, 1, 2]) : nil)
    }
}

/// Counts the rows of each step.
final class RowCounts: Sendable {
    private let counts = Mutex<[Int]>([])
    func append(_ count: Int) { counts.withLock { $0.append(count) } }
    var values: [Int] { counts.withLock { $0 } }
}

/// A decoder whose next token depends on the last one alone: row i of the table is ln P after token i.
struct MarkovDecoder: StepDecoder {
    struct State: DecoderState {
        var rowCount: Int
        func selecting(_ rows: [Int]) -> State { State(rowCount: rows.count) }
    }

    let table: [[Float]]

    init(logits table: [[Float]]) { self.table = table }

    init(probabilities: [[Double]]) { table = probabilities.map { $0.map { Float(logarithm($0)) } } }

    func step(
        _ tokens: [[Int]], _ state: inout State, wanting outputs: DecoderOutputs
    ) throws(ShapeError) -> DecoderStep {
        DecoderStep(logits: try Tensor(tokens.flatMap { table[$0[0]] }, shape: [tokens.count, table[0].count]))
    }
}

import AttentionDecoding
import AttentionTensors

/// What one caller wants of a model that several step at once.
struct GatheredStep<Model: LanguageModel>: GatheredCall {
    /// What each row is still to read.
    private var tokens: [[Int]]
    private(set) var state: Model.State
    private let outputs: DecoderOutputs
    private let precision = Precision.current
    /// How long each row was at first.
    private let begin: [Int]
    private(set) var answer: Result<DecoderStep, ShapeError>?

    /// How many tokens of a prompt are read between two steps of others: enough for products to be worth their weights.
    private static var pieceLength: Int { 128 }

    init(_ tokens: [[Int]], _ state: consuming Model.State, _ outputs: DecoderOutputs) {
        begin = state.lengths
        (self.tokens, self.state, self.outputs) = (tokens, state, outputs)
    }

    var isAnswered: Bool { answer != nil }

    /// A round: one token of everybody who wants to know what may come behind one, and a piece of the prompt that has waited for longest.
    static func advance(_ steps: inout [GatheredStep], _ model: Model) {
        guard !model.dependsOnLongestText else {
            for place in steps.indices { steps[place].readAll(model) }
            return
        }
        for precision in Precision.allCases {
            let places = steps.indices.filter { steps[$0].isShort && steps[$0].precision == precision }
            withPrecision(precision) { readTogether(&steps, places, model) }
        }
        if let first = steps.firstIndex(where: { !$0.isShort }) { steps[first].readPiece(model) }
    }

    /// Whether it is one token of each row, and only what may come behind it is wanted.
    private var isShort: Bool { outputs == .logits && tokens.allSatisfy { $0.count == 1 } }

    // MARK: Alone

    private mutating func readAll(_ model: Model) {
        answer = withPrecision(precision) {
            Result { () throws(ShapeError) in try model.step(tokens, &state, wanting: outputs) }
        }
    }

    private mutating func readPiece(_ model: Model) {
        guard outputs.subtracting(.logits).isEmpty, tokens.count == 1, tokens[0].count > Self.pieceLength else {
            readAll(model)
            // What an earlier piece has read is taken back, where it can be.
            if case .failure = answer { try? state.truncate(to: begin) }
            return
        }
        let piece = Array(tokens[0].prefix(Self.pieceLength))
        do {
            _ = try withPrecision(precision) { try model.step([piece], &state, wanting: []) }
            tokens[0].removeFirst(Self.pieceLength)
        } catch let error as ShapeError {
            answer = .failure(error)
            try? state.truncate(to: begin)
        } catch { answer = .failure(ShapeError("step", expected: "tokens to be read", found: "\(error)")) }
    }

    // MARK: In company

    private static func readTogether(_ steps: inout [GatheredStep], _ places: [Int], _ model: Model) {
        guard places.count > 1 else {
            for place in places { steps[place].readAll(model) }
            return
        }
        do { try joinAndRead(&steps, places, model) } catch {
            // Whoever is not to be read with others, or wants what cannot be, is to harm nobody else.
            for place in places { steps[place].readAll(model) }
        }
    }

    /// - Throws: `ShapeError` if they cannot be read together; all of them are then as before.
    private static func joinAndRead(
        _ steps: inout [GatheredStep], _ places: [Int], _ model: Model
    ) throws(ShapeError) {
        var joined = try Model.State.joining(places.map { steps[$0].state })
        let rows = places.reduce(into: [Range<Int>]()) { ranges, place in
            let first = ranges.last?.upperBound ?? 0
            ranges.append(first..<first + steps[place].state.rowCount)
        }
        // Pages that two states hold would be copied when one of them grows.
        for place in places { steps[place].state = model.start(rowCount: 0, format: joined.format) }
        let step: DecoderStep
        do { step = try model.step(places.flatMap { steps[$0].tokens }, &joined, wanting: .logits) } catch {
            for (place, own) in zip(places, rows) { steps[place].state = try joined.selecting(Array(own)) }
            throw error
        }
        for (place, own) in zip(places, rows) {
            steps[place].state = try joined.selecting(Array(own))
            steps[place].answer = .success(DecoderStep(logits: try step.logits?.sliced(axis: 0, own)))
        }
    }
}

import AttentionDecoding
import AttentionLayers
import AttentionTensors

/// What one caller wants of a decoder that several step at once.
struct GatheredStep<Decoder: StepDecoder>: GatheredCall where Decoder.State: JoinableState {
    /// What each row is still to read.
    private var tokens: [[Int]]
    private var state: Decoder.State
    private let outputs: DecoderOutputs
    private let precision = Precision.current
    /// What the state was before the first piece of a prompt; nil as long as none was read.
    private var before: Decoder.State?
    private(set) var answer: Result<DecoderStep, ShapeError>?

    /// How many tokens of a prompt are read between two steps of others: enough for products to be worth their weights.
    private static var pieceLength: Int { 128 }

    init(_ tokens: [[Int]], _ state: consuming Decoder.State, _ outputs: DecoderOutputs) {
        (self.tokens, self.state, self.outputs) = (tokens, state, outputs)
    }

    var isAnswered: Bool { answer != nil }
    var rowCount: Int? { isShort ? tokens.count : nil }

    /// What is remembered behind the step; if there was none, what was remembered before.
    var finalState: Decoder.State { isAnswered ? state : before ?? state }

    /// A round: one token of everybody who reads no more, and a piece of the prompt that has waited for longest.
    static func advanceTogether(_ steps: inout [GatheredStep], _ decoder: Decoder) {
        var short = steps.indices.filter { steps[$0].isShort }
        let long = steps.indices.first { !steps[$0].isShort }
        while let first = short.first {
            let alike = short.filter { steps[$0].isLike(steps[first]) }
            short.removeAll(where: alike.contains)
            withPrecision(steps[first].precision) { readTogether(&steps, alike, decoder) }
        }
        if let long { steps[long].readPiece(decoder) }
    }

    /// A round of a decoder that neither cuts what it reads nor reads it beside anything else: everybody, one after the other.
    static func advanceApart(_ steps: inout [GatheredStep], _ decoder: Decoder) {
        for place in steps.indices { steps[place].readAll(decoder) }
    }

    /// Whether it is one token of each row, and nothing is wanted that cannot be parted again.
    private var isShort: Bool {
        tokens.allSatisfy { $0.count == 1 } && (!outputs.contains(.alignments) || state.alignedLength != nil)
    }

    /// Whether one step can do for both.
    private func isLike(_ other: GatheredStep) -> Bool { (precision, outputs) == (other.precision, other.outputs) }

    // MARK: Alone

    private mutating func readAll(_ decoder: Decoder) {
        answer = withPrecision(precision) {
            Result { () throws(ShapeError) in try decoder.step(tokens, &state, wanting: outputs) }
        }
        // What pieces before have read is taken back.
        if case .failure = answer, let before { state = before }
    }

    private mutating func readPiece(_ decoder: Decoder) {
        guard outputs.subtracting(.logits).isEmpty, tokens.count == 1, tokens[0].count > Self.pieceLength else {
            return readAll(decoder)
        }
        let (start, piece) = (before ?? state, Array(tokens[0].prefix(Self.pieceLength)))
        before = start
        do {
            _ = try withPrecision(precision) { try decoder.step([piece], &state, wanting: []) }
            tokens[0].removeFirst(Self.pieceLength)
        } catch let error as ShapeError {
            (answer, state) = (.failure(error), start)
        } catch {
            (answer, state) = (.failure(ShapeError("step", expected: "tokens to be read", found: "\(error)")), start)
        }
    }

    // MARK: In company

    private static func readTogether(_ steps: inout [GatheredStep], _ places: [Int], _ decoder: Decoder) {
        guard places.count > 1 else {
            for place in places { steps[place].readAll(decoder) }
            return
        }
        do { try joinAndRead(&steps, places, decoder) } catch {
            // Whoever is not to be read with others, or wants what cannot be, is to harm nobody else.
            for place in places { steps[place].readAll(decoder) }
        }
    }

    /// - Throws: `ShapeError` if they cannot be read together; all of them are then as before.
    private static func joinAndRead(
        _ steps: inout [GatheredStep], _ places: [Int], _ decoder: Decoder
    ) throws(ShapeError) {
        var joined = try Decoder.State.joining(places.map { steps[$0].state })
        let (empty, alignedLength) = (try joined.selecting([]), joined.alignedLength ?? 0)
        let rows = places.reduce(into: [Range<Int>]()) { ranges, place in
            let first = ranges.last?.upperBound ?? 0
            ranges.append(first..<first + steps[place].state.rowCount)
        }
        // Pages that two states hold would be copied when one of them grows.
        for place in places { steps[place].state = empty }
        let step: DecoderStep
        do {
            step = try decoder.step(
                places.flatMap { steps[$0].tokens }, &joined, wanting: steps[places[0]].outputs)
        } catch {
            for (place, own) in zip(places, rows) { steps[place].state = try joined.selecting(Array(own)) }
            throw error
        }
        var parted: [Decoder.State] = []
        for own in rows { parted.append(try joined.selecting(Array(own))) }
        for ((place, own), state) in zip(zip(places, rows), parted) {
            let missing = alignedLength - (state.alignedLength ?? alignedLength)
            steps[place].state = state
            steps[place].answer = Result { () throws(ShapeError) in try step.part(own, missing: missing) }
        }
    }
}

extension DecoderStep {
    /// What of a step is of these rows, whose sources are so much shorter than the longest.
    fileprivate func part(_ rows: Range<Int>, missing: Int) throws(ShapeError) -> DecoderStep {
        var part = DecoderStep()
        part.logits = try logits?.sliced(axis: 0, rows)
        part.allLogits = try allLogits?.sliced(axis: 0, rows)
        part.hidden = try hidden?.sliced(axis: 0, rows)
        if let alignments {
            part.alignments = try alignments.sliced(axis: 0, rows).sliced(axis: 4, 0..<alignments.shape[4] - missing)
        }
        return part
    }
}

/// A call that may be a step of a decoder.
protocol SteppingCall: GatheredCall {
    /// What steps.
    associatedtype Decoder: StepDecoder where Decoder.State: JoinableState
    /// The call that wants this step.
    static func stepping(_ step: consuming GatheredStep<Decoder>) -> Self
    /// The step that was wanted.
    /// - Precondition: it was made of one.
    var step: GatheredStep<Decoder> { get }
}

extension GatheredStep: SteppingCall {
    static func stepping(_ step: consuming GatheredStep<Decoder>) -> GatheredStep<Decoder> { step }

    var step: GatheredStep<Decoder> { self }
}

extension GatheredCalls where Call: SteppingCall {
    /// A step of a decoder, taken with those that others want at about the same time.
    /// - Throws: what the decoder throws, and where the task is cancelled while it waits for others; the state is then as before.
    func step(
        _ tokens: [[Int]], _ state: inout Call.Decoder.State, of decoder: Call.Decoder, wanting outputs: DecoderOutputs
    ) throws(ShapeError) -> DecoderStep {
        try decoder.check(tokens, state)
        // Whoever leaves heads out, or hears what they work with, asks for what others do not; and whoever cannot be joined need not wait for others.
        // In `exact` nobody's last bit may depend on others, and products of few rows and of many are summed in other orders.
        guard state.isJoinable, Precision.current != .exact, !MultiHeadAttention.isPlaced else {
            return try decoder.step(tokens, &state, wanting: outputs)
        }
        // Whoever is the only one to hold a state may change it without copying it.
        let step = answer(.stepping(GatheredStep(tokens, consume state, outputs))).step
        state = step.finalState
        guard let found = step.answer else { throw .withdrawn("step") }
        return try found.get()
    }
}

extension ShapeError {
    /// Nobody waits any more for what was asked for.
    static func withdrawn(_ operation: String) -> ShapeError {
        ShapeError(operation, expected: "a task that waits until others are done", found: "one that was cancelled")
    }
}

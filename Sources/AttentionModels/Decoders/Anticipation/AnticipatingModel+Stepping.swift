public import AttentionDecoding
public import AttentionMechanisms
public import AttentionTensors

extension AnticipatingModel {
    /// What has been read by R rows, and how much of it they were told.
    public struct State: TextState {
        fileprivate(set) var base: Base.State
        /// The tokens that each row of the base has read.
        var read: [[Int]]
        /// How many of them each row was told.
        fileprivate(set) var told: [Int]
        /// Of a single row: what may come behind the tokens from a place on, [1, T, V].
        fileprivate(set) var known: (first: Int, logits: Tensor)?
        fileprivate(set) var memory: Guesser.Memory
        /// Whether the base can take back what it has read: not where a window has left it behind.
        fileprivate(set) var canGoBack = true
        public let format: PageFormat

        init(base: Base.State, rowCount: Int, format: PageFormat, memory: Guesser.Memory) {
            (self.base, self.format, self.memory) = (base, format, memory)
            read = [[Int]](repeating: [], count: rowCount)
            told = [Int](repeating: 0, count: rowCount)
        }

        public var rowCount: Int { base.rowCount }

        /// The same for a text that is told from its beginning: what was read is what is expected.
        var untold: State {
            var result = self
            (result.told, result.known) = ([Int](repeating: 0, count: rowCount), nil)
            return result
        }

        /// How many tokens the base has read, in all rows together.
        public var readCount: Int { read.reduce(0) { $0 + $1.count } }

        public func selecting(_ rows: [Int]) throws(ShapeError) -> State {
            if rows.elementsEqual(0..<rowCount) { return self }
            var result = self
            result.base = try base.selecting(rows)
            (result.read, result.told, result.known) = (rows.map { read[$0] }, rows.map { told[$0] }, nil)
            return result
        }

        /// How many tokens each row was told.
        public var lengths: [Int] { told }

        public var byteCount: Int { base.byteCount }

        public mutating func truncate(to lengths: [Int]) throws(ShapeError) {
            guard lengths.count == rowCount, zip(lengths, told).allSatisfy({ 0...$1 ~= $0 }) else {
                throw ShapeError("truncate", expected: "lengths of at most \(told)", found: "\(lengths)")
            }
            try base.truncate(to: lengths)
            (told, known) = (lengths, nil)
            read = zip(read, lengths).map { Array($0.prefix($1)) }
        }

        public static func joining(_ states: [State]) throws(ShapeError) -> State {
            guard var result = states.first else {
                throw ShapeError("joining", expected: "at least one state", found: "none")
            }
            result.base = try .joining(states.map(\.base))
            (result.read, result.told) = (states.flatMap(\.read), states.flatMap(\.told))
            (result.known, result.canGoBack) = (nil, states.allSatisfy(\.canGoBack))
            return result
        }
    }

    public func step(
        _ tokens: [[Int]], _ state: inout State, wanting outputs: DecoderOutputs
    ) throws(ShapeError) -> DecoderStep {
        try check(tokens, state)
        // Where something is to be said behind each token, each is to be read now.
        let isLastOnly = outputs.subtracting(.logits).isEmpty
        let agreed = state.rows.map { row in isLastOnly ? state.unsaid(row).agreement(with: tokens[row]) : 0 }
        if agreed == tokens.map(\.count), let logits = try state.logits(behind: agreed[0]) {
            state.told[0] += agreed[0]
            return DecoderStep(logits: logits)
        }
        let ready = zip(agreed, tokens).map { min($0, $1.count - 1) }
        try goBack(&state, to: zip(state.told, ready).map(+))
        let unread = state.rows.map { row in Array(tokens[row][(state.read[row].count - state.told[row])...]) }
        let guesses = isLastOnly ? try self.guesses(behind: state.read + unread, &state) : []
        guard !guesses.isEmpty else {
            let step = try base.step(unread, &state.base, wanting: outputs)
            state.tell(unread, ahead: [])
            return step
        }
        let all = try base.step([unread[0] + guesses], &state.base, wanting: .allLogits).allLogits
        state.tell(unread, ahead: guesses)
        if let all {
            let first = unread[0].count - 1
            state.known = (state.told[0], try all.sliced(axis: 1, first..<first + 1 + guesses.count))
        }
        return DecoderStep(logits: try state.logits(behind: 0))
    }

    /// Takes back what was read behind these lengths.
    private func goBack(_ state: inout State, to lengths: [Int]) throws(ShapeError) {
        guard state.read.map(\.count) != lengths else { return }
        do {
            try state.base.truncate(to: lengths)
            state.read = zip(state.read, lengths).map { Array($0.prefix($1)) }
        } catch {
            // A window has left behind what would be looked at again: what was told is read once more, and nothing ahead of it from now on.
            let told = zip(state.read, state.told).map { Array($0.prefix($1)) }
            var again = base.start(rowCount: state.rowCount, format: state.format)
            if !told.contains([]) { _ = try base.step(told, &again, wanting: []) }
            (state.base, state.read, state.canGoBack) = (again, told, false)
        }
        state.known = nil
    }

    /// What the drafter thinks that a single row will be told next.
    private func guesses(behind parts: [[Int]], _ state: inout State) throws(ShapeError) -> [Int] {
        guard state.rowCount == 1, state.canGoBack else { return [] }
        let text = parts.flatMap(\.self)
        let room = lengthLimit.map { max(0, $0 - text.count) } ?? .max
        let size = vocabularySize
        return Array(try drafter.guesses(behind: text, &state.memory).prefix(room).prefix { 0..<size ~= $0 })
    }
}

extension AnticipatingModel.State {
    fileprivate var rows: Range<Int> { 0..<rowCount }

    /// What a row has read ahead of what it was told.
    fileprivate func unsaid(_ row: Int) -> ArraySlice<Int> { read[row][told[row]...] }

    /// What may come behind so many tokens more than were told, [1, V]; nil where that is not known yet.
    fileprivate func logits(behind count: Int) throws(ShapeError) -> Tensor? {
        guard let known, rowCount == 1, known.first...(known.first + known.logits.shape[1] - 1) ~= told[0] + count
        else { return nil }
        return try known.logits.at(told[0] + count - known.first, axis: 1)
    }

    /// The base has read these tokens, which were told, and those ahead of them.
    fileprivate mutating func tell(_ tokens: [[Int]], ahead: [Int]) {
        for row in rows {
            read[row] += tokens[row]
            told[row] = read[row].count
            read[row] += ahead
        }
        known = nil
    }
}

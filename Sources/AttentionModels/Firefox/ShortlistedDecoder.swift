public import AttentionDecoding
public import AttentionTensors

/// A decoder that may write only a few of its words, each row those that its source can bring about.
///
/// Its tokens are the places of the words in `candidates`, so that everything that counts words — the product, the softmax, the search — counts
/// these alone; a row's probabilities are shared out among its own.
public struct ShortlistedDecoder<Base: SequenceToSequence>: StepDecoder {
    /// What writes.
    public let base: Base
    /// The words that any row may write, ascending.
    public let candidates: [Int]
    /// Of each source, which of the candidates are its own; nil: all.
    private let own: [Mask?]
    private let weight: Parameter
    private let bias: Parameter?

    /// A decoder of sources with these candidates each, ascending and without doubles.
    /// - Throws: `ShapeError` if a candidate is no word.
    public init(_ base: Base, candidates sources: [[Int]]) throws(ShapeError) {
        self.base = base
        let all = sources.count == 1 ? sources[0] : Set(sources.flatMap(\.self)).sorted()
        candidates = all
        var own: [Mask?] = []
        for words in sources {
            guard words.count < all.count else {
                own.append(nil)
                continue
            }
            let known = Set(words)
            own.append(try Mask(all.map(known.contains), shape: [all.count]))
        }
        self.own = own
        weight = try base.outputWeight.selecting(all)
        bias = try base.outputBias.map { bias throws(ShapeError) in Parameter(try bias.tensor.selecting(all)) }
    }

    /// The words that tokens stand for.
    public func words(_ tokens: [Int]) -> [Int] { tokens.map { candidates[$0] } }

    /// The token of a word; nil if none may write it.
    public func token(of word: Int) -> Int? {
        let index = candidates.partitioningIndex { $0 >= word }
        return index < candidates.count && candidates[index] == word ? index : nil
    }

    /// What is remembered of R hypotheses, and of which source each is.
    public struct State: DecoderState {
        fileprivate var base: Base.State
        fileprivate var sources: [Int]

        public var rowCount: Int { base.rowCount }

        public func selecting(_ rows: [Int]) throws(ShapeError) -> State {
            State(base: try base.selecting(rows), sources: rows.map { sources[$0] })
        }
    }

    /// Before the first token of each source.
    /// - Throws: `ShapeError` if an id is outside the vocabulary, or there are not as many sources as lists of candidates.
    public func start(_ source: PaddedBatch) throws(ShapeError) -> State {
        guard source.rowCount == own.count else {
            throw ShapeError("ShortlistedDecoder", expected: "\(own.count) sources", found: "\(source.rowCount)")
        }
        return State(base: try base.start(source), sources: Array(0..<source.rowCount))
    }

    public func step(
        _ tokens: [[Int]], _ state: inout State, wanting outputs: DecoderOutputs
    ) throws(ShapeError) -> DecoderStep {
        if let outside = tokens.joined().first(where: { !candidates.indices.contains($0) }) {
            throw ShapeError("step", expected: "tokens below \(candidates.count)", found: "\(outside)")
        }
        var step = try base.step(
            tokens.map(words), &state.base, wanting: outputs.subtracting([.logits, .allLogits]).union(.hidden))
        guard let hidden = step.hidden else { return step }
        if outputs.contains(.logits) {
            step.logits = try logits(try hidden.last(of: tokens.map(\.count)), state.sources)
        }
        if outputs.contains(.allLogits) {
            let (rows, count) = (hidden.shape[0], hidden.shape[1])
            let flat = try logits(
                try hidden.reshaped(to: [rows * count, hidden.shape[2]]),
                state.sources.flatMap { [Int](repeating: $0, count: count) })
            step.allLogits = try flat.reshaped(to: [rows, count, candidates.count])
        }
        if !outputs.contains(.hidden) { step.hidden = nil }
        return step
    }

    /// [N, M] → [N, C], −∞ where a row's source has no such candidate.
    private func logits(_ x: Tensor, _ sources: [Int]) throws(ShapeError) -> Tensor {
        var logits = try linear(x, weight: weight, bias: bias)
        guard sources.contains(where: { own[$0] != nil }) else { return logits }
        let count = candidates.count
        logits.withMutableElements { elements in
            for (row, source) in sources.enumerated() {
                guard let mask = own[source] else { continue }
                for (index, isOwn) in mask.bytes.enumerated() where isOwn == 0 {
                    elements[row * count + index] = -.infinity
                }
            }
        }
        return logits
    }
}

extension [Int] {
    /// The first place at which the condition holds, which stays so from there on.
    fileprivate func partitioningIndex(_ holds: (Int) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if holds(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

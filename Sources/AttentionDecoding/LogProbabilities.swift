internal import AttentionTensors

/// ln P of every token for each of R hypotheses, where forbidden tokens, and all tokens of a row that allows none, have −∞.
struct LogProbabilities {
    /// [R, V].
    private let values: Tensor

    /// Normalises logits [R, V] along the vocabulary; processors act before or behind that.
    /// - Parameter texts: what the rows follow, R of them.
    init(
        _ logits: Tensor, _ processors: [any LogitProcessor], _ stage: ProcessingStage, after texts: [WrittenText]
    ) throws(ShapeError) {
        var logits = logits
        if stage == .logits { logits.process(processors, texts) }
        var values = try Self.normalized(logits)
        if stage == .logProbabilities { values.process(processors, texts) }
        self.values = values
    }

    /// The log-softmax, which is not a number for rows that are −∞ throughout: those are left as they are.
    private static func normalized(_ logits: Tensor) throws(ShapeError) -> Tensor {
        var values = try logits.logSoftmax()
        let (rowCount, size) = (logits.shape[0], logits.shape[1])
        logits.withElements { logits in
            let hopeless = (0..<rowCount).filter { row in
                size > 0 && logits[row * size] == -.infinity
                    && (0..<size).allSatisfy { logits[row * size + $0] == -.infinity }
            }
            guard !hopeless.isEmpty else { return }
            values.withMutableElements { elements in
                for row in hopeless { (elements + row * size).update(repeating: -.infinity, count: size) }
            }
        }
        return values
    }

    /// V.
    var vocabularySize: Int { values.shape[1] }

    /// The likeliest tokens of a row that are possible at all, at most `count` of them, in the order of `TokenChoice.precedes`; nil
    /// if the row cannot be ranked.
    /// - Complexity: O(V log count) at worst; nearly always O(V) comparisons, sixteen at a time.
    func best(_ count: Int, row: Int) -> [TokenChoice]? {
        let size = vocabularySize
        return values.withElements { elements in
            var best = BestChoices(count: min(count, size))
            return best.read(elements + row * size, count: size) ? best.sorted() : nil
        }
    }

    /// All possible tokens of a row by their ids; nil if the row cannot be ranked.
    func possible(row: Int) -> [TokenChoice]? {
        let size = vocabularySize
        return values.withElements { elements in
            var choices: [TokenChoice] = []
            choices.reserveCapacity(size)
            for token in 0..<size {
                let value = elements[row * size + token]
                guard value < .infinity else { return nil }
                if value > -.infinity { choices.append(TokenChoice(token: token, logProbability: value)) }
            }
            return choices
        }
    }
}

/// What processors act on.
enum ProcessingStage {
    /// What the decoder gives: what is taken away is shared out among the others.
    case logits
    /// Their log-softmax.
    case logProbabilities
}

extension Tensor {
    /// Hands each row of [R, V] to all processors.
    fileprivate mutating func process(_ processors: [any LogitProcessor], _ texts: [WrittenText]) {
        guard !processors.isEmpty else { return }
        let size = shape[1]
        withMutableElements { elements in
            for (row, text) in texts.enumerated() {
                let scores = TokenScores(UnsafeMutableBufferPointer(start: elements + row * size, count: size))
                for processor in processors { processor.process(scores, after: text) }
            }
        }
    }
}

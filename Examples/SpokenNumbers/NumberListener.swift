package import AttentionLayers
package import AttentionMechanisms
import AttentionSignals
package import AttentionTensors
package import AttentionTraining

/// A network that listens to a whole number first, and then writes it down digit by digit, each time attending to what it has heard, until it says that
/// the number ends.
///
///     annotations = BiGRU(relu(W₂ ∗ relu(W₁ ∗ x)))            one for every four moments
///     h_t = LSTM([d_{t−1}; c_{t−1}], h_{t−1}),   c_t = attention(h_t, annotations),   p(d_t) = softmax(W [h_t; c_t] + b)
///
/// *Source:* Chan, Jaitly, Le & Vinyals 2016, *Listen, Attend and Spell*; Chorowski et al. 2015, *Attention-Based Models for Speech Recognition*.
package struct NumberListener<Attention: SequentialMechanism>: Module {
    /// Behind each: relu; each halves the moments.
    package var convolutions: [Convolution1D]
    /// Listens from both ends.
    package var reader: BidirectionalRecurrence
    /// The digit before, or that there is none yet.
    package var digits: Embedding
    /// Writes.
    package var cell: LSTMCell
    /// How it looks back at what was heard.
    package var attention: Attention
    /// To the digits and the end.
    package var output: Linear

    /// What ends a number; as an input, what stands before its first digit.
    package static var end: Int { 10 }
    /// How large the states are that ask, and the annotations that are asked.
    package static var sizes: (state: Int, annotation: Int) { (96, 128) }

    /// A listener with this attention, drawn from `key`.
    package init(_ attention: Attention, key: RandomKey) {
        let (state, annotation) = Self.sizes
        convolutions = [
            Convolution1D(SpokenNumber.bandCount, 64, size: 3, stride: 2, padding: 1, key: key[0]),
            Convolution1D(64, 64, size: 3, stride: 2, padding: 1, key: key[1]),
        ]
        reader = BidirectionalRecurrence(.gru, 64, annotation / 2, key: key[2])
        digits = Embedding(11, 16, key: key[3])
        cell = LSTMCell(16 + annotation, state, key: key[4])
        self.attention = attention
        output = Linear(state + annotation, 11, key: key[5])
    }

    /// What was heard: keys and values [B, 1, K, A].
    private func listen(to numbers: [SpokenNumber]) throws(ShapeError) -> Memory {
        let bands = SpokenNumber.bandCount
        let length = numbers.map(\.spectrogram.frameCount).max() ?? 0
        let rows = numbers.flatMap { number in
            number.spectrogram.values
                + [Float](repeating: 0, count: (length - number.spectrogram.frameCount) * bands)
        }
        var x = try Tensor(rows, shape: [numbers.count, length, bands]).transposed(1, 2)
        var lengths = numbers.map(\.spectrogram.frameCount)
        for convolution in convolutions {
            x = try convolution(x).relu()
            lengths = lengths.map { ($0 + 1) / 2 }
            // What is behind the end is silence for the next one, too, whoever else listens.
            let isHeard = lengths.flatMap { length in (0..<x.shape[2]).map { $0 < length ? Float(1) : 0 } }
            x = x * (try Tensor(isHeard, shape: [numbers.count, 1, x.shape[2]]))
        }
        let annotations = try reader(x.transposed(1, 2), lengths: lengths).annotations.unsqueezed(axis: 1)
        return try attention.remember(keys: annotations, values: annotations, lengths: lengths)
    }

    /// What is written while the digits before each are known or, without them, as they are written.
    /// - Returns: the logits of each step, [B, 11], and where it looked, [B, K].
    private func steps(
        _ numbers: [SpokenNumber], count: Int, known: [[Int]]?
    ) throws(ShapeError) -> [(logits: Tensor, weights: Tensor)] {
        let (batch, size) = (numbers.count, Self.sizes.annotation)
        let memory = try listen(to: numbers)
        var past = try attention.start(memory)
        var state = RecurrentState.zero(batch, cell.hiddenSize)
        var context = Tensor.zeros([batch, size])
        var previous = [Int](repeating: Self.end, count: batch)
        var steps: [(logits: Tensor, weights: Tensor)] = []
        for step in 0..<count {
            state = try cell(try concatenated([try digits(previous), context], axis: 1), state)
            let query = try state.hidden.reshaped(to: [batch, 1, 1, cell.hiddenSize])
            let read = try attention.step(query, memory, &past, training: nil)
            context = try read.context.reshaped(to: [batch, size])
            let logits = try output(try concatenated([state.hidden, context], axis: 1))
            steps.append((logits, try read.weights.reshaped(to: [batch, memory.keyCount])))
            previous = known.map { $0.map { step < $0.count ? $0[step] : Self.end } } ?? logits.indicesOfMaximum()
        }
        return steps
    }

    /// The summed loss of numbers: −ln P of each digit and of the end, given the digits before.
    package func loss(_ numbers: [SpokenNumber]) throws(ShapeError) -> LossValue {
        let written = numbers.map { $0.digits + [Self.end] }
        let count = written.map(\.count).max() ?? 0
        let steps = try steps(numbers, count: count, known: written)
        let targets = written.flatMap { number in (0..<count).map { $0 < number.count ? Optional(number[$0]) : nil } }
        let logits = try stacked(steps.map(\.logits), axis: 1).reshaped(to: [targets.count, 11])
        return LossValue(
            total: try logits.crossEntropy(targets: targets), weight: Double(written.reduce(0) { $0 + $1.count }))
    }

    /// A number as it was written down, and where the listener looked before each of its digits and before its end: shares of the annotations.
    package struct Writing: Sendable {
        package let digits: [Int]
        package let looks: [[Float]]
    }

    /// Writes numbers down, the likeliest digit each time, up to so many.
    package func write(_ numbers: [SpokenNumber], limit: Int) throws(ShapeError) -> [Writing] {
        let steps = try steps(numbers, count: limit + 1, known: nil)
        let (choices, looks) = (steps.map { $0.logits.indicesOfMaximum() }, steps.map(\.weights))
        return try numbers.indices.map { row throws(ShapeError) in
            let digits = choices.map { $0[row] }.prefix { $0 != Self.end }
            var rows: [[Float]] = []
            for look in looks.prefix(digits.count + 1) { rows.append(try look.at(row).values) }
            return Writing(digits: Array(digits), looks: rows)
        }
    }

    /// `convolutions.0.…`, `reader`, `digits`, `cell`, `attention` and `output`.
    package mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try convolutions.visit(&visitor, path / "convolutions")
        try reader.visit(&visitor, path / "reader")
        try digits.visit(&visitor, path / "digits")
        try cell.visit(&visitor, path / "cell")
        try attention.visit(&visitor, path / "attention")
        try output.visit(&visitor, path / "output")
    }
}

extension NumberListener where Attention == AttentionMechanism {
    /// One that looks by content alone: Bahdanau's additive attention.
    package static func plain(key: RandomKey) -> NumberListener {
        NumberListener(
            AttentionMechanism(
                score: .additive(querySize: sizes.state, keySize: sizes.annotation, hiddenSize: 64, key: key[6])),
            key: key)
    }
}

extension NumberListener where Attention == LocationSensitiveAttention {
    /// One that also knows where it looked before.
    package static func locating(key: RandomKey) -> NumberListener {
        NumberListener(
            LocationSensitiveAttention(
                score: .additive(querySize: sizes.state, keySize: sizes.annotation, hiddenSize: 64, key: key[6]),
                filters: .normal([8, 1, 15], deviation: 0.3, key: key[7]),
                locationWeight: .normal([64, 8], deviation: 0.3, key: key[8])),
            key: key)
    }
}

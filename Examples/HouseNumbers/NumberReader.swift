package import AttentionLayers
package import AttentionTensors
package import AttentionTraining
package import AttentionVariants

/// A network that reads a number digit by digit: convolutions make places of the picture, and before each digit a recurrent reader looks at them
/// softly, until it says that the number ends.
///
///     h_t = LSTM([d_{t−1}; z_{t−1}], h_{t−1}),   z_t = attention(h_t, places),   p(d_t) = softmax(W [h_t; z_t] + b)
///
/// *Source:* the task is that of Ba, Mnih & Kavukcuoglu 2015, *Multiple Object Recognition with Visual Attention*; the attention that of Xu et al. 2015,
/// *Show, Attend and Tell*, with its gate.
package struct NumberReader: Module {
    /// Behind each: relu and the largest of four neighbours.
    package var convolutions: [Convolution2D]
    /// A vector for each place, [1, L, A].
    package var positions: Parameter
    /// The digit before, or that there is none yet.
    package var digits: Embedding
    /// The reader.
    package var cell: LSTMCell
    /// How it looks.
    package var attention: SpatialSoftAttention
    /// To the digits and the end.
    package var output: Linear
    /// Rows and columns of places.
    package let grid: (rows: Int, columns: Int)

    /// What ends a number; as an input, what stands before its first digit.
    package static let end = 10

    /// A reader of scenes of this kind, drawn from `key`.
    package init(_ layout: DigitScene.Layout, sizes: [Int] = [16, 32, 32], stateSize: Int = 64, key: RandomKey) {
        let size = sizes.last ?? 1
        convolutions = zip([1] + sizes, sizes).enumerated().map { index, pair in
            Convolution2D(pair.0, pair.1, size: (3, 3), padding: (1, 1), key: key[0][index])
        }
        grid = (layout.height >> sizes.count, layout.width >> sizes.count)
        positions = Parameter(.normal([1, grid.rows * grid.columns, size], deviation: 0.2, key: key[1]))
        digits = Embedding(11, 16, key: key[2])
        cell = LSTMCell(16 + size, stateSize, key: key[3])
        attention = SpatialSoftAttention(stateSize: stateSize, annotationSize: size, hiddenSize: stateSize, key: key[4])
        output = Linear(stateSize + size, 11, key: key[5])
    }

    /// What is read of scenes while the digits before each are known or, without them, as they are read.
    /// - Returns: the logits of each step, [B, 11], and where it looked, [B, L].
    private func steps(
        _ scenes: [DigitScene], count: Int, known: [[Int]]?
    ) throws(ShapeError) -> [(logits: Tensor, weights: Tensor)] {
        let batch = scenes.count
        let memory = try attention.remember(try places(scenes))
        var state = RecurrentState.zero(batch, cell.hiddenSize)
        var context = Tensor.zeros([batch, positions.shape[2]])
        var previous = [Int](repeating: Self.end, count: batch)
        var steps: [(logits: Tensor, weights: Tensor)] = []
        for step in 0..<count {
            state = try cell(try concatenated([try digits(previous), context], axis: 1), state)
            let read = try attention(state.hidden.unsqueezed(axis: 1), memory)
            context = try read.output.squeezed(axis: 1)
            let logits = try output(try concatenated([state.hidden, context], axis: 1))
            steps.append((logits, try read.weights.squeezed(axis: 1)))
            previous = known.map { $0.map { step < $0.count ? $0[step] : Self.end } } ?? logits.indicesOfMaximum()
        }
        return steps
    }

    /// The places of scenes, [B, L, A].
    private func places(_ scenes: [DigitScene]) throws(ShapeError) -> Tensor {
        guard let first = scenes.first else { return .zeros([0, positions.shape[1], positions.shape[2]]) }
        var x = try Tensor(scenes.flatMap(\.pixels), shape: [scenes.count, 1, first.height, first.width])
        for convolution in convolutions {
            x = try maximumPooling2D(try convolution(x).relu(), kernel: (2, 2))
        }
        return try x.reshaped(to: [scenes.count, positions.shape[2], positions.shape[1]]).transposed(1, 2)
            + positions.tensor
    }

    /// The summed loss of scenes: −ln P of each digit and of the end, given the digits before.
    package func loss(_ scenes: [DigitScene]) throws(ShapeError) -> LossValue {
        let numbers = scenes.map { $0.digits + [Self.end] }
        let count = numbers.map(\.count).max() ?? 0
        let read = try steps(scenes, count: count, known: numbers)
        let targets = numbers.flatMap { number in (0..<count).map { $0 < number.count ? Optional(number[$0]) : nil } }
        let logits = try stacked(read.map(\.logits), axis: 1).reshaped(to: [targets.count, 11])
        return LossValue(
            total: try logits.crossEntropy(targets: targets), weight: Double(numbers.reduce(0) { $0 + $1.count }))
    }

    /// A number as it was read, and where the reader looked before each of its digits and before its end: shares of the places, row by row.
    package struct Reading: Sendable {
        package let digits: [Int]
        package let looks: [[Float]]
    }

    /// Reads scenes, the likeliest digit each time, up to so many.
    package func read(_ scenes: [DigitScene], limit: Int) throws(ShapeError) -> [Reading] {
        let read = try steps(scenes, count: limit + 1, known: nil)
        let (choices, looks) = (read.map { $0.logits.indicesOfMaximum() }, read.map(\.weights.values))
        let size = positions.shape[1]
        return scenes.indices.map { row in
            let digits = choices.map { $0[row] }.prefix { $0 != Self.end }
            return Reading(
                digits: Array(digits),
                looks: looks.prefix(digits.count + 1).map { Array($0[row * size..<(row + 1) * size]) })
        }
    }

    /// `convolutions.0.…`, `positions`, `digits`, `cell`, `attention` and `output`.
    package mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try convolutions.visit(&visitor, path / "convolutions")
        try positions.visit(&visitor, path / "positions")
        try digits.visit(&visitor, path / "digits")
        try cell.visit(&visitor, path / "cell")
        try attention.visit(&visitor, path / "attention")
        try output.visit(&visitor, path / "output")
    }
}

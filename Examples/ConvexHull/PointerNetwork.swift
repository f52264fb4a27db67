package import AttentionLayers
package import AttentionMechanisms
package import AttentionTensors
package import AttentionTraining

/// A network whose answers are positions of its input: one LSTM reads the points, another points at them, one after another, until it points
/// at its first choice again.
///
///     u_ij = v · tanh(W₁ e_j + W₂ d_i),   p(C_i = j) = softmax_j u_ij
///
/// with e_j the encoder's state at point j and d_i the decoder's at step i, whose input is the point chosen before.
///
/// *Source:* Vinyals, Fortunato & Jaitly 2015, *Pointer Networks*, eq. 3.
package struct PointerNetwork: Module {
    /// Reads the points.
    package var encoder: LSTMCell
    /// Takes the last choice, and starts in the encoder's last state.
    package var decoder: LSTMCell
    /// [2]: the decoder's first input.
    package var start: Parameter
    /// The pointer.
    package var pointer: AdditiveScore

    /// A network drawn from `key`.
    package init(hiddenSize: Int, key: RandomKey) {
        encoder = LSTMCell(2, hiddenSize, key: key[0])
        decoder = LSTMCell(2, hiddenSize, key: key[1])
        start = Parameter(.glorot([2], key: key[2]))
        pointer = .additive(querySize: hiddenSize, keySize: hiddenSize, hiddenSize: hiddenSize, key: key[3])
    }

    /// The summed cross-entropy of the right choices, given the right choices before.
    package func loss(_ problems: [HullProblem]) throws(ShapeError) -> LossValue {
        let choices = problems.map { $0.hull + $0.hull.prefix(1) }
        let stepCount = choices.map(\.count).max() ?? 0
        var (keys, state) = try read(problems)
        var input = try start.tensor.expanded(to: [problems.count, 2])
        var queries: [Tensor] = []
        for step in 0..<stepCount {
            state = try decoder(input, state)
            queries.append(state.hidden)
            input = try coordinates(of: choices.map { $0[min(step, $0.count - 1)] }, in: problems)
        }
        let scores = try point(try stacked(queries, axis: 1), keys)  // [B, T, n]
        let targets = choices.flatMap { choices in (0..<stepCount).map { $0 < choices.count ? choices[$0] : nil } }
        return LossValue(
            total: try scores.reshaped(to: [targets.count, -1]).crossEntropy(targets: targets),
            weight: Double(choices.reduce(0) { $0 + $1.count }))
    }

    /// The corners it chooses, the best at each step; nil if it never returns to its first choice. All problems have as many points.
    package func corners(of problems: [HullProblem]) throws(ShapeError) -> [[Int]?] {
        var (keys, state) = try read(problems)
        var input = try start.tensor.expanded(to: [problems.count, 2])
        var choices = [[Int]](repeating: [], count: problems.count)
        for _ in 0...keys.shape[2] {
            state = try decoder(input, state)
            let scores = try point(state.hidden.unsqueezed(axis: 1), keys)  // [B, 1, n]
            let best = scores.values.chunked(by: scores.shape[2]).map { row in
                row.indices.max { row[$0] < row[$1] }.map { $0 - row.startIndex } ?? 0
            }
            for (index, choice) in best.enumerated() { choices[index].append(choice) }
            input = try coordinates(of: best, in: problems)
        }
        return choices.map { choices in
            choices.dropFirst().firstIndex(of: choices[0]).map { Array(choices[..<$0]) }
        }
    }

    /// The points as the pointer compares them, [B, 1, n, A], and the state after the last of them.
    private func read(_ problems: [HullProblem]) throws(ShapeError) -> (keys: Tensor, state: RecurrentState) {
        var state = RecurrentState(hidden: .zeros([problems.count, encoder.hiddenSize]))
        var states: [Tensor] = []
        for index in 0..<(problems.first?.points.count ?? 0) {
            state = try encoder(try coordinates(of: problems.map { _ in index }, in: problems), state)
            states.append(state.hidden)
        }
        let annotations = try stacked(states, axis: 1).unsqueezed(axis: 1)  // [B, 1, n, H]
        return (try pointer.transform(keys: annotations), state)
    }

    /// Decoder states [B, T, H] → scores [B, T, n].
    private func point(_ states: Tensor, _ keys: Tensor) throws(ShapeError) -> Tensor {
        try pointer.compare(try pointer.transform(query: states.unsqueezed(axis: 1)), keys).squeezed(axis: 1)
    }

    /// One point of each problem, [B, 2].
    private func coordinates(of indices: [Int], in problems: [HullProblem]) throws(ShapeError) -> Tensor {
        let points = zip(problems, indices).map { $0.points[$1] }
        return try Tensor(points.flatMap { [Float($0.x), Float($0.y)] }, shape: [problems.count, 2])
    }

    package mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try encoder.visit(&visitor, path / "encoder")
        try decoder.visit(&visitor, path / "decoder")
        try start.visit(&visitor, path / "start")
        try pointer.visit(&visitor, path / "pointer")
    }
}

extension Array {
    /// Its consecutive runs of `size` elements.
    fileprivate func chunked(by size: Int) -> [ArraySlice<Element>] {
        stride(from: 0, to: count, by: Swift.max(size, 1)).map { self[$0..<Swift.min($0 + size, count)] }
    }
}

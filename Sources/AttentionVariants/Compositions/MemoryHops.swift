public import AttentionMechanisms
public import AttentionTensors

/// A question that is read into memories again and again: for each hop, u ← u + Σ_i softmax_i(u · key_i) value_i.
///
/// The mechanism is any `AttentionMechanism`; the paper's is the unscaled inner product.
///
/// *Source:* Sukhbaatar, Szlam, Weston & Fergus 2015, *End-To-End Memory Networks*, eq. 1–4.
public struct MemoryHops: Module {
    /// What each hop does.
    public var mechanism: AttentionMechanism

    /// Hops of this mechanism.
    public init(mechanism: AttentionMechanism = AttentionMechanism(score: .dot)) { self.mechanism = mechanism }

    /// Questions u [B, D] and memories [B, hops, N, D] → the last u [B, D], and where each hop looked, [B, hops, N].
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func callAsFunction(
        _ query: Tensor, keys: Tensor, values: Tensor, lengths: [Int]? = nil
    ) throws(ShapeError) -> (output: Tensor, weights: Tensor) {
        guard query.shape.rank == 2, keys.shape.rank == 4, values.shape.rank == 4, keys.shape[0] == query.shape[0],
            values.shape == [keys.shape[0], keys.shape[1], keys.shape[2], query.shape[1]]
        else {
            throw ShapeError(
                "memoryHops", expected: "queries [B, D], keys [B, hops, N, Dk] and values [B, hops, N, D]",
                found: "\(query.shape), \(keys.shape) and \(values.shape)")
        }
        var state = query.unsqueezed(axis: 1).unsqueezed(axis: 1)  // [B, 1, 1, D]
        var weights: [Tensor] = [.zeros([keys.shape[0], 0, keys.shape[2]])]
        for hop in 0..<keys.shape[1] {
            let memory = try mechanism.remember(
                keys: try keys.at(hop, axis: 1).clearingPadding(lengths).unsqueezed(axis: 1),
                values: try values.at(hop, axis: 1).clearingPadding(lengths).unsqueezed(axis: 1), lengths: lengths)
            let alignment = try mechanism.align(state, memory)
            state = state + alignment.context
            weights.append(try alignment.weights.squeezed(axis: 1))
        }
        return (try state.squeezed(axis: 1).squeezed(axis: 1), try concatenated(weights, axis: 1))
    }

    /// The mechanism's parameters.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try mechanism.visit(&visitor, path)
    }
}

extension MemoryHops {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "memory_hops", "Memory hops", .composition,
        formula: "for each hop: p = softmax(u · key_i), u ← u + Σ_i p_i value_i",
        cost: "O(hops N D) time",
        use: "Questions whose answer takes several facts, each leading to the next.",
        source: "Sukhbaatar, Szlam, Weston & Fergus 2015, End-To-End Memory Networks, eq. 1–4",
        example: Example { material in
            let memory = try material.states.unsqueezed(axis: 1).expanded(
                to: [1, 3, material.length, material.size])
            return [
                "query": .real(try material.states.at(min(1, material.length - 1), axis: 1) * 0.1),
                "memory_key": .real(memory),
                "memory_value": .real(memory * 0.1),
            ]
        }
    ) { request in
        let (output, weights) = try MemoryHops()(
            try request.tensor("query"), keys: try request.tensor("memory_key"),
            values: try request.tensor("memory_value"), lengths: try request.lengths("lengths"))
        return ["output": .real(output), "weights": .real(weights)]
    }
}

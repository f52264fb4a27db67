public import AttentionMechanisms
public import AttentionTensors
internal import Glibc

/// Attention without normalisation that fades with the distance: o_i = scale Σ_{j ≤ i} γ_h^(i − j) (q_i · k_j) v_j.
///
/// `attend` runs the recurrence S ← γ S + k vᵀ, o = scale · Sᵀ q, in time linear in the length; `weights` are those of the parallel form.
///
/// *Source:* Sun et al. 2023, *Retentive Network: A Successor to Transformer*, eq. 5–6 (without rotation and group norm).
public struct Retention: DirectAttention {
    /// γ, what is kept from one step to the next, [H].
    public var gamma: Parameter
    /// The factor of the inner products.
    public var scale: Float

    /// Retention with these factors [H].
    public init(gamma: Tensor, scale: Float = 1) {
        self.gamma = Parameter(gamma)
        self.scale = scale
    }

    /// Retention with the paper's factors, γ_h = 1 − 2^(−5 − h) for h < `headCount` (eq. 8).
    public init(headCount: Int, scale: Float = 1) {
        let factors = (0..<max(0, headCount)).map { Float(1 - exp2(-5 - Double($0))) }
        self.init(
            gamma: Tensor(shape: [factors.count]) { out in for (head, x) in factors.enumerated() { out[head] = x } },
            scale: scale)
    }

    /// - Complexity: O(L D Dv).
    public func attend(_ query: Tensor, _ memory: Memory) throws(ShapeError) -> Tensor {
        try attend(query, memory, after: nil).output
    }

    /// The same for a sequence that goes on from the state S [B, H, D, Dv] that an earlier piece left.
    public func attend(_ query: Tensor, _ memory: Memory, after state: Tensor?) throws(ShapeError) -> Recurrence {
        let group = try check(query, memory)
        let memory = try memory.blankingPadding()
        let (batch, heads, length) = (query.shape[0], query.shape[1], query.shape[2])
        let factors = try gamma.tensor.reshaped(to: [1, heads, 1, 1]).expanded(to: [batch, heads, length, 1])
        return try recurrence(
            query, try memory.keys.repeatingHeads(group), try memory.values.repeatingHeads(group),
            gate: .factor(factors), beta: nil, state: state, scale: scale)
    }

    /// scale · γ_h^(i − j) (q_i · k_j) for j ≤ i, [B, H, L, L]: their product with the values is what `attend` computes.
    /// - Complexity: O(L² D).
    public func weights(_ query: Tensor, _ memory: Memory) throws(ShapeError) -> Tensor {
        let group = try check(query, memory)
        let keys = try memory.blankingPadding().keys.repeatingHeads(group)
        return try matmul(query * scale, keys.transposed()) * powers(length: memory.keyCount)
    }

    private func check(_ query: Tensor, _ memory: Memory) throws(ShapeError) -> Int {
        let group = try memory.groupSize(for: query, "retention")
        try require(
            query.shape[2] == memory.keyCount, "retention", expected: "as many queries as keys \(memory.keyShape)",
            found: "\(query.shape)")
        try require(
            gamma.shape == [query.shape[1]], "retention", expected: "a gamma [\(query.shape[1])]",
            found: "\(gamma.shape)")
        return group
    }

    /// γ_h^(i − j) for j ≤ i, else 0: [H, L, L].
    private func powers(length: Int) -> Tensor {
        let constant = gamma.tensor.contiguous().detached()
        let heads = constant.shape[0]
        return constant.lowerTriangles(length) { pow($0, Double($1)) }.derived(from: gamma.tensor) {
            upstream, gradients in
            let slopes = constant.lowerTriangles(length) { $1 == 0 ? 0 : Double($1) * pow($0, Double($1 - 1)) }
            gradients.add((slopes * upstream).summed(to: [heads, 1, 1]).viewed(as: [heads]), to: gamma.tensor)
        }
    }

    /// `gamma`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try gamma.visit(&visitor, path / "gamma")
    }
}

extension Tensor {
    /// f(x_h, i − j) for j ≤ i, else 0, for a vector x [H]: [H, L, L]. Outside the graph.
    fileprivate func lowerTriangles(_ length: Int, _ entry: (_ x: Double, _ distance: Int) -> Double) -> Tensor {
        Tensor(shape: [shape[0], length, length]) { out in
            for (head, x) in values.enumerated() {
                for i in 0..<length {
                    let row = out + (head * length + i) * length
                    for j in 0..<length { row[j] = j > i ? 0 : Float(entry(Double(x), i - j)) }
                }
            }
        }
    }
}

extension Retention {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "retention", "Retention", .efficient,
        formula: "out_i = scale Σ_{j≤i} γ_h^(i−j) (q_i·k_j) v_j;  as a recurrence S ← γ S + k vᵀ, o = scale · Sᵀ q",
        cost: "time O(L D Dv), memory O(D Dv)",
        use:
            "Trains in parallel like attention and decodes like a recurrent network; each head forgets at its own pace.",
        source: "Sun et al. 2023, Retentive Network, eq. 5–6",
        options: [.number("scale", default: 1)],
        example: Example(draws: "output") {
            try $0.headedWithUnitValues() + ["gamma": .real(Tensor.ones([1]) * 0.8)]
        }
    ) { request in
        let mechanism = Retention(
            gamma: try request.tensor("gamma"), scale: Float(try request.options.number("scale")))
        return ["output": .real(try mechanism.attend(request.tensor("query"), request.keyValueMemory()))]
    }
}

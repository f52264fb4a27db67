public import AttentionMechanisms
public import AttentionTensors

/// context · σ(W x): every feature of every head is let through as far as the input of its query says.
///
/// *Source:* Qiu et al. 2025, *Gated Attention for Large Language Models*, sec. 2 (the elementwise gate after the attention, G1).
public struct OutputGate: Module {
    /// W, [H · Dv, E].
    public var weight: Parameter

    /// A gate with this weight [H · Dv, E].
    public init(weight: Tensor) { self.weight = Parameter(weight) }

    /// A context [B, H, Q, Dv] and the queries' inputs [B, Q, E] → [B, H, Q, Dv].
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func callAsFunction(_ context: Tensor, input: Tensor) throws(ShapeError) -> Tensor {
        guard context.shape.rank == 4, input.shape.rank == 3, input.shape[0] == context.shape[0],
            input.shape[1] == context.shape[2]
        else {
            throw ShapeError(
                "outputGate", expected: "inputs [B, Q, E] of the context \(context.shape)", found: "\(input.shape)")
        }
        let (heads, size) = (context.shape[1], context.shape[3])
        try require(
            weight.shape == [heads * size, input.shape[2]], "outputGate",
            expected: "a weight [\(heads * size), \(input.shape[2])]", found: "\(weight.shape)")
        let gates = try linear(input, weight: weight).sigmoid()
            .reshaped(to: [input.shape[0], input.shape[1], heads, size]).transposed(1, 2)
        return context * gates
    }

    /// `gate_proj.weight`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try weight.visit(&visitor, path / "gate_proj" / "weight")
    }
}

extension OutputGate {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "output_gate", "Gated attention output", .relativeHeads,
        formula: "output · σ(W x), per head and feature, x the input of the query",
        cost: "that of the mechanism, and O(Q E H Dv)",
        use: "Lets a head say nothing, so that no key has to serve as a sink; steadier training of large models.",
        source: "Qiu et al. 2025, Gated Attention for Large Language Models",
        accepting: CoreAttention.partOptions,
        example: Example(.scope("causal")) {
            try $0.headed() + ["input": .real($0.states)] + $0.parameters(["gate_proj.weight": [$0.size, $0.size]])
        }
    ) { request in
        let gate = OutputGate(weight: try request.tensor("gate_proj.weight"))
        let core = try CoreAttention(request)
        let alignment = try core.mechanism.align(core.query, core.memory)
        return [
            "output": .real(try gate(alignment.context, input: request.tensor("input"))),
            "weights": .real(alignment.weights),
        ]
    }
}

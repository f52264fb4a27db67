public import AttentionMechanisms
public import AttentionTensors

/// h̃ = tanh(W_c [c; h]): what was read and what was asked, combined into what a decoder predicts from.
///
/// Feeding h̃ back as a part of the next step's input is Luong's input feeding.
///
/// *Source:* Luong, Pham & Manning 2015, *Effective Approaches to Attention-based NMT*, eq. 5 and sec. 3.3.
public struct AttentionalVector: Module {
    /// W_c, [M, Dv + Dq].
    public var combineWeight: Parameter

    /// A layer with this weight [M, Dv + Dq].
    public init(combineWeight: Tensor) { self.combineWeight = Parameter(combineWeight) }

    /// A context [..., Dv] and the query [..., Dq] that asked for it → [..., M].
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func callAsFunction(context: Tensor, query: Tensor) throws(ShapeError) -> Tensor {
        try linear(try concatenated([context, query], axis: -1), weight: combineWeight, activation: .tanh)
    }

    /// `weight_combine`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try combineWeight.visit(&visitor, path / "weight_combine")
    }
}

extension AttentionalVector {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "attentional_vector", "Luong's attentional vector", .sequential,
        formula: "h̃ = tanh(W_c [c; h]), c by general attention with the query h",
        cost: "O(QK D) time", use: "The readout of a recurrent decoder that moves before it looks.",
        source: "Luong, Pham & Manning 2015, Effective Approaches to Attention-based NMT, eq. 5",
        example: Example {
            $0.sequence
                + $0.parameters(["weight": [$0.size, $0.size], "weight_combine": [$0.size, 2 * $0.size]])
        }
    ) { request in
        let mechanism = AttentionMechanism(score: GeneralScore(weight: try request.tensor("weight")))
        let (query, memory) = (try request.headless("query"), try request.memory(for: mechanism))
        let alignment = try mechanism.align(query, memory)
        let layer = AttentionalVector(combineWeight: try request.tensor("weight_combine"))
        let output = try layer(context: alignment.context, query: query)
        return [
            "output": .real(try output.squeezed(axis: 1)),
            "weights": .real(try alignment.weights.squeezed(axis: 1)),
            "context": .real(try alignment.context.squeezed(axis: 1)),
        ]
    }
}

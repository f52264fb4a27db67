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

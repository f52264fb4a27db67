public import AttentionCatalogue
import AttentionMechanisms

extension Catalogue {
    /// The mechanisms of the literature, and the operators of ONNX that compute them.
    public static let complete = Catalogue(mechanisms.entries + operators)

    /// The operators, one line each.
    private static let operators: [MechanismDescriptor] = [
        AttentionOperator.descriptor,
        FlexAttentionOperator.descriptor,
        LinearAttentionOperator.descriptor,
        RotaryEmbeddingOperator.descriptor,
        SoftmaxOperator.descriptor,
        SoftmaxOperator.logarithm,
    ]
}

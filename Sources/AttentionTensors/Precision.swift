package import CAttentionKernels

/// How precisely matrix products and attention read their numbers. Tensors hold float32 and sums are at least that wide in any case.
///
/// ```swift
/// let translation = try withPrecision(.int8) { try translator.translate(sentence) }
/// ```
public enum Precision: String, Sendable, Hashable, Codable, CaseIterable {
    /// As they are, with one float32 multiply-add for each pair: the reference, bit for bit the same for any number of threads.
    case exact
    /// The fastest way within 1e-5 of the true product: each number split into two of 16 bits where the processor multiplies those in
    /// tiles, elsewhere as `exact`.
    case float32
    /// Rounded to bfloat16, 8 significant bits: within 1e-2 of the true product.
    case bfloat16
    /// The weights of linear maps, once they are no longer learned, as integers of −127 … 127 times one scale for each output, and what
    /// they are applied to likewise with one scale for each row; everything else as `float32`.
    case int8

    @TaskLocal static var chosen = Precision.float32

    /// What is in use in this task.
    public static var current: Precision { chosen }

    /// The same for products of which neither side is a weight.
    package var withoutWeights: Precision { self == .int8 ? .float32 : self }

    /// How the kernels in use multiply.
    var product: attn_product_method {
        switch self {
        case .exact: kernels.products.0
        case .float32: kernels.products.1
        case .bfloat16: kernels.products.2
        case .int8: kernels.products.3
        }
    }

    /// The bytes that a right operand of this size takes when it is laid out for products.
    func packedByteCount(depth: Int, columns: Int) -> Int { product.packed_size(depth, columns) }

    /// How the kernels in use compute attention.
    package var attention: attn_attention_method {
        switch self {
        case .exact: kernels.attentions.0
        case .float32: kernels.attentions.1
        case .bfloat16: kernels.attentions.2
        case .int8: kernels.attentions.3
        }
    }
}

/// Computes `body` with products and attention of this precision, derivatives of what is computed there included.
public func withPrecision<Result>(_ precision: Precision, _ body: () throws -> Result) rethrows -> Result {
    try Precision.$chosen.withValue(precision, operation: body)
}

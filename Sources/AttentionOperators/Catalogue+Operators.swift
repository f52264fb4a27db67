public import AttentionCatalogue

extension Catalogue {
    /// The mechanisms of the literature, and the operators of ONNX that compute them.
    public static let complete = Catalogue(mechanisms.entries + operators)

    private static let operators: [CatalogueEntry] = [
        CatalogueEntry(
            "onnx.Attention", "ONNX Attention", .operators,
            formula: "softmax(cap(√s Q (√s K)ᵀ) + mask) V, in the inputs' precision", cost: "O(BHQKD)",
            use: "Checking runtimes: operator sets 23 to 25, with caches, windows and all masks.",
            source: "ONNX 1.23, operator schemas", compute: AttentionOperator.compute),
        CatalogueEntry(
            "onnx.FlexAttention", "ONNX FlexAttention", .operators,
            formula: "prob_mod(softmax(score_mod(√s Q (√s K)ᵀ))) V", cost: "O(BHQKD)",
            use: "Attention whose scores or weights a small graph changes.",
            source: "ONNX 1.23, ai.onnx.preview", compute: FlexAttentionOperator.compute),
        CatalogueEntry(
            "onnx.LinearAttention", "ONNX LinearAttention", .operators,
            formula: "S ← e^g S + β k (v − e^g Sᵀ k)ᵀ, o = scale · Sᵀ q, and its simpler cases", cost: "O(BHTD²)",
            use: "Linear attention, gated or with the delta rule, in steps or at once.",
            source: "ONNX 1.23, operator schemas", compute: LinearAttentionOperator.compute),
        CatalogueEntry(
            "onnx.RotaryEmbedding", "ONNX RotaryEmbedding", .operators,
            formula: "(a, b) → (a cos − b sin, a sin + b cos), cosines and sines given", cost: "O(BHLD)",
            use: "Rotary positions from a table.", source: "ONNX, operator schemas, since 23",
            compute: RotaryEmbeddingOperator.compute),
        CatalogueEntry(
            "onnx.Softmax", "ONNX Softmax", .operators, formula: "exp(x) / Σ exp(x) along an axis", cost: "O(n)",
            use: "Checking runtimes.", source: "ONNX, operator schemas", compute: SoftmaxOperator.compute),
        CatalogueEntry(
            "onnx.LogSoftmax", "ONNX LogSoftmax", .operators, formula: "x − ln Σ exp(x) along an axis", cost: "O(n)",
            use: "Checking runtimes.", source: "ONNX, operator schemas", compute: SoftmaxOperator.computeLogarithm),
    ]
}

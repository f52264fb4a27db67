import AttentionLayers
import AttentionTensors
import AttentionVariants

extension Catalogue {
    /// Sequences read as one vector.
    static let pooling: [CatalogueEntry] = [
        CatalogueEntry(
            "attention_pooling", "Attention pooling", .vision,
            formula: "y = Σ_j softmax_j(s_j) x_j; s_j = x_j · q / √D, w · tanh(V x_j) or w · (tanh(V x_j) ⊙ σ(U x_j))",
            cost: "O(L D) time with a query, O(L D A) with a hidden layer",
            use: "A sequence or a bag as one vector, with weights that tell which elements decided.",
            source: "Ilse, Tomczak & Welling 2018, Attention-based Deep Multiple Instance Learning, eq. 8–9"
        ) { request in
            let (output, weights) = try pool(request)
            return ["output": .real(output), "weights": .real(weights)]
        }
    ]
}

/// The option `variant` of attention pooling.
private enum PoolingVariant: String, CaseIterable {
    case query
    case instance = "mil"
    case gatedInstance = "gated_mil"
}

private func pool(_ request: Request) throws -> (output: Tensor, weights: Tensor) {
    let variant: PoolingVariant = try request.options.choice("variant")
    let (input, lengths) = (try request.tensor("input"), try request.lengths("lengths"))
    if variant == .query { return try QueryPooling(query: try request.tensor("query"))(input, lengths: lengths) }
    let pooling = InstancePooling(
        weight: try request.tensor("weight_v"),
        gateWeight: variant == .gatedInstance ? try request.tensor("weight_u") : nil,
        vector: try request.tensor("vector"))
    return try pooling(input, lengths: lengths)
}

import AttentionLayers
import AttentionMechanisms
import AttentionTensors
import AttentionVariants

extension Catalogue {
    /// Graphs and sets.
    static let setCompositions: [CatalogueEntry] = [
        CatalogueEntry(
            "graph_attention", "Graph attention", .composition,
            formula:
                "e_ij = leaky(t · W h_i + s · W h_j), or a · leaky(W_t h_i + W_s h_j) in version 2; y_i = Σ_j softmax_j(e_ij) W h_j",
            cost: "O(N² H + N H D F) time; version 2 O(N² H D)",
            use:
                "Nodes that weigh their neighbours. Version 2 can prefer different neighbours for different nodes, version 1 cannot.",
            source:
                "Veličković et al. 2018, Graph Attention Networks, eq. 1–5; Brody, Alon & Yahav 2022, How Attentive are Graph Attention Networks?, eq. 7",
            compute: graphAttention),
        CatalogueEntry(
            "slot_attention", "Slot attention", .composition,
            formula:
                "softmax over slots of k · q / √D, plus ε, divided by its sum over inputs; s ← GRU(weighted mean of v, s); s ← s + mlp(norm(s))",
            cost: "O(iterations N K D) time, for N inputs and K slots",
            use: "Objects without labels: slots compete until each has bound one.",
            source: "Locatello et al. 2020, Object-Centric Learning with Slot Attention, algorithm 1",
            compute: slotAttention),
    ]
}

private func graphAttention(_ request: Request) throws -> Outputs {
    let (nodes, adjacency) = (try request.tensor("nodes"), try request.mask("adjacency"))
    let slope = Float(try request.options.number("slope", default: 0.2))
    let version = try request.options.integer("version", default: 1)
    let result: (output: Tensor, weights: Tensor)
    let heads: Int
    switch version {
    case 1:
        let layer = GraphAttention(
            weight: try request.tensor("weight"), targetVector: try request.tensor("attention_target"),
            sourceVector: try request.tensor("attention_source"), slope: slope)
        (result, heads) = (try layer(nodes, adjacency: adjacency), layer.targetVector.shape[0])
    case 2:
        let layer = DynamicGraphAttention(
            targetWeight: try request.tensor("weight_target"), sourceWeight: try request.tensor("weight_source"),
            vector: try request.tensor("attention"), slope: slope)
        (result, heads) = (try layer(nodes, adjacency: adjacency), layer.vector.shape[0])
    default:
        throw CatalogueError.unfitOption("version of graph_attention", expected: "1 or 2", found: "\(version)")
    }
    guard try request.options.integer("heads", default: heads) == heads else {
        throw CatalogueError.unfitOption(
            "heads of graph_attention", expected: "\(heads), as the attention vectors have",
            found: "\(try request.options.integer("heads"))")
    }
    return ["output": .real(result.output), "weights": .real(result.weights)]
}

private func slotAttention(_ request: Request) throws -> Outputs {
    let options = request.options
    let epsilon = try options.number("epsilon", default: 1e-8)
    guard epsilon >= 0 else {
        throw CatalogueError.unfitOption(
            "epsilon of slot_attention", expected: "a number of at least 0", found: "\(epsilon)")
    }
    let normEpsilon = try options.number("norm_epsilon", default: 1e-5)
    let attention = SlotAttention(
        inputNorm: try request.layerNorm("norm_input", epsilon: normEpsilon),
        slotNorm: try request.layerNorm("norm_slots", epsilon: normEpsilon),
        perceptronNorm: try request.layerNorm("norm_mlp", epsilon: normEpsilon),
        query: try request.linear(withoutBias: "to_q"), key: try request.linear(withoutBias: "to_k"),
        value: try request.linear(withoutBias: "to_v"),
        update: GRUCell(
            input: Linear(weight: try request.tensor("gru.weight_ih"), bias: try request.tensor("gru.bias_ih")),
            hidden: Linear(weight: try request.tensor("gru.weight_hh"), bias: try request.tensor("gru.bias_hh"))),
        up: try request.linear(withBias: "mlp1"), down: try request.linear(withBias: "mlp2"),
        normalizer: .overQueries(epsilon: epsilon))
    let (output, weights) = try attention(
        try request.tensor("inputs"), slots: try request.tensor("slots"),
        iterations: try options.integer("iterations", default: 3))
    return ["output": .real(output), "weights": .real(weights)]
}

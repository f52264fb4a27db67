import AttentionLayers
import AttentionTensors
import AttentionVariants

extension Catalogue {
    /// Places and channels of images that read each other.
    static let imageSelfAttention: [CatalogueEntry] = [
        CatalogueEntry(
            "non_local", "Non-local block", .vision,
            formula:
                "y = x + W_z Σ_j f(x_i, x_j) g(x_j) + b_z; f: softmax(x_i · x_j), softmax(θ_i · φ_j), θ_i · φ_j / N or relu(w · [θ_i; φ_j]) / N",
            cost: "O(N² A) time, O(N²) memory, for N places",
            use: "Self-attention inside a convolutional network, where distant places (or frames) explain each other.",
            source: "Wang, Girshick, Gupta & He 2018, Non-local Neural Networks, eq. 1–6"
        ) { request in
            let block = NonLocalBlock(
                pairwise: try pairwiseFunction(request), value: try request.linear(withBias: "g"),
                output: try request.linear(withBias: "z"))
            let (output, weights) = try block.align(try request.tensor("input"))
            return ["output": .real(output), "weights": .real(weights)]
        },
        CatalogueEntry(
            "dual_attention", "Dual attention", .vision,
            formula:
                "position = α softmax(q_i · k_j) v + x; channel = β softmax(A Aᵀ) A + x with A = x as [C, N]; output = their sum",
            cost: "O(N² C + N C²) time",
            use: "Segmentation: places read similar places, channels read related channels.",
            source: "Fu et al. 2019, Dual Attention Network for Scene Segmentation, eq. 1–4"
        ) { request in
            let block = DualAttention(
                query: try request.linear(withBias: "query"), key: try request.linear(withBias: "key"),
                value: try request.linear(withBias: "value"),
                positionScale: try request.tensor("alpha"), channelScale: try request.tensor("beta"))
            let result = try block(try request.tensor("input"))
            return [
                "position": .real(result.position), "channel": .real(result.channel), "output": .real(result.output),
            ]
        },
    ]
}

/// The option `pairwise` of a non-local block.
private enum Pairwise: String, CaseIterable {
    case gaussian, embedded, dot, concatenation
}

private func pairwiseFunction(_ request: Request) throws -> PairwiseFunction {
    let choice: Pairwise = try request.options.choice("pairwise")
    if choice == .gaussian { return .gaussian }
    let (theta, phi) = (try request.linear(withBias: "theta"), try request.linear(withBias: "phi"))
    return switch choice {
    case .gaussian: .gaussian
    case .embedded: .embedded(theta: theta, phi: phi)
    case .dot: .dot(theta: theta, phi: phi)
    case .concatenation: .concatenation(theta: theta, phi: phi, weight: Parameter(try request.tensor("concat.weight")))
    }
}

import AttentionLayers
import AttentionTensors
import AttentionVariants

extension Catalogue {
    /// Channels and places of feature maps weighted by what they hold.
    static let channelsAndPlaces: [CatalogueEntry] = [
        CatalogueEntry(
            "squeeze_excitation", "Squeeze-and-excitation", .vision,
            formula: "y = x · σ(W₂ relu(W₁ mean_hw(x) + b₁) + b₂), a weight per channel",
            cost: "O(C H W + C r) time, 2 C r parameters for r hidden units",
            use:
                "After a convolution, to let the whole image decide which channels matter; cheap, and hard to beat at its price.",
            source: "Hu, Shen & Sun 2018, Squeeze-and-Excitation Networks, eq. 2–4"
        ) { request in
            let block = SqueezeExcitation(
                fc1: try request.linear(withBias: "fc1"), fc2: try request.linear(withBias: "fc2"))
            let (output, weights) = try block(try request.tensor("input"))
            return ["output": .real(output), "weights": .real(weights)]
        },
        CatalogueEntry(
            "eca", "Efficient channel attention", .vision,
            formula: "y = x · σ(w ∗ mean_hw(x)), a convolution of k taps along the channels",
            cost: "O(C H W + C k) time, k parameters",
            use: "Channel weights for a handful of parameters, where squeeze-and-excitation is too heavy.",
            source: "Wang et al. 2020, ECA-Net, sec. 3.2"
        ) { request in
            let block = EfficientChannelAttention(kernel: try request.tensor("conv.weight"))
            let (output, weights) = try block(try request.tensor("input"))
            return ["output": .real(output), "weights": .real(weights)]
        },
        CatalogueEntry(
            "cbam", "Convolutional block attention", .vision,
            formula: "x' = x · σ(mlp(mean_hw x) + mlp(max_hw x)); y = x' · σ(w ∗ [mean_c x'; max_c x'])",
            cost: "O(C H W + H W k²) time",
            use: "Channels first, then places: what to look for and where, in any convolutional network.",
            source: "Woo et al. 2018, CBAM, eq. 1–3"
        ) { request in
            let block = ConvolutionalBlockAttention(
                fc1: try request.linear(withoutBias: "fc1"), fc2: try request.linear(withoutBias: "fc2"),
                kernel: try request.tensor("conv.weight"))
            let result = try block(try request.tensor("input"))
            return [
                "output": .real(result.output), "channel_weights": .real(result.channelWeights),
                "spatial_weights": .real(result.spatialWeights),
            ]
        },
        CatalogueEntry(
            "attention_gate", "Attention gate", .vision,
            formula: "y = x · α, α = σ(ψ · relu(W_x x + W_g g + b_g) + b_ψ) at each place",
            cost: "O(H W A (C + C_g)) time",
            use: "Skip connections of a U-Net: the coarser level says which places of the finer one are worth keeping.",
            source: "Oktay et al. 2018, Attention U-Net, eq. 1–2"
        ) { request in
            let block = AttentionGate(
                inputWeight: try request.tensor("weight_x"), gateWeight: try request.tensor("weight_g"),
                gateBias: try request.tensor("bias_g"), vector: try request.tensor("psi"),
                vectorBias: try request.tensor("bias_psi"))
            let (output, weights) = try block(try request.tensor("input"), gate: try request.tensor("gate"))
            return ["output": .real(output), "weights": .real(weights)]
        },
        CatalogueEntry(
            "selective_kernel", "Selective kernel", .vision,
            formula: "z = relu(W mean_hw(Σ_m u_m) + b); a_mc = softmax_m(s_mc · z); y_c = Σ_m a_mc u_mc",
            cost: "O(M C H W) time, for M branches",
            use: "Branches with kernels of different sizes: each channel chooses its field of view.",
            source: "Li et al. 2019, Selective Kernel Networks, sec. 3.1"
        ) { request in
            let block = SelectiveKernel(
                fc: try request.linear(withBias: "fc"), selectors: try request.tensor("select.weight"))
            let (output, weights) = try block(try request.tensor("branches"))
            return ["output": .real(output), "weights": .real(weights)]
        },
        CatalogueEntry(
            "global_context", "Global context", .vision,
            formula: "c = Σ_j softmax_j(w · x_j + b) x_j; y = x + W₂ relu(norm(W₁ c + b₁)) + b₂",
            cost: "O(C H W + C r) time",
            use:
                "What a non-local block mostly learns, one summary for all places, at the price of squeeze-and-excitation.",
            source: "Cao et al. 2019, GCNet, eq. 5"
        ) { request in
            let block = GlobalContext(
                attentionWeight: try request.tensor("attention.weight"),
                attentionBias: try request.tensor("attention.bias"), fc1: try request.linear(withBias: "fc1"),
                norm: try request.layerNorm("norm", epsilon: try request.options.number("epsilon", default: 1e-5)),
                fc2: try request.linear(withBias: "fc2"))
            let (output, weights) = try block(try request.tensor("input"))
            return ["output": .real(output), "weights": .real(weights)]
        },
    ]
}

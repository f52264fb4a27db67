import AttentionMechanisms

extension Catalogue {
    static let normalizers: [CatalogueEntry] = [
        CatalogueEntry(
            part: "softmax", "Softmax", .normalizer, formula: "P = exp(z − max z) / Σ", cost: "O(QK)",
            use: "The standard: every visible key gets some weight.", source: "Bridle 1990; Bahdanau et al. 2015, eq. 6"
        ),
        CatalogueEntry(
            part: "softmax_sink", "Softmax with a learned sink", .normalizer,
            formula: "P = exp(z) / (exp(sink_h) + Σ exp z)",
            cost: "O(QK)", use: "Heads that should be able to look at nothing.",
            source: "OpenAI 2025, gpt-oss model card"),
        CatalogueEntry(
            part: "softmax_one", "Softmax off by one", .normalizer, formula: "P = exp(z) / (1 + Σ exp z)",
            cost: "O(QK)",
            use: "As a sink, without a parameter.", source: "Miller 2023; Xiao et al. 2024, eq. 2"),
        CatalogueEntry(
            part: "scalable_softmax", "Scalable softmax", .normalizer, formula: "softmax(z λ_h ln n)", cost: "O(QK)",
            use: "Long contexts: rows of many keys stay as sharp as short ones.",
            source: "Nakanishi 2025, Scalable-Softmax Is Superior for Attention"),
        CatalogueEntry(
            part: "sparsemax", "Sparsemax", .normalizer, formula: "P = max(z − τ, 0), Σ P = 1", cost: "O(QK log K)",
            use: "Weights that are exactly 0 for most keys, and still differentiable: alignments to be read.",
            source: "Martins & Astudillo 2016, From Softmax to Sparsemax, algorithm 1"),
        CatalogueEntry(
            part: "entmax15", "1.5-entmax", .normalizer, formula: "P = max(z/2 − τ, 0)², Σ P = 1", cost: "O(QK log K)",
            use: "Sparse as sparsemax, smooth as softmax: often the best of both.",
            source: "Peters, Niculae & Martins 2019, Sparse Sequence-to-Sequence Models, algorithm 2"),
        CatalogueEntry(
            part: "entmax", "α-entmax", .normalizer, formula: "P = [(α − 1)z − τ]₊^(1/(α − 1)), Σ P = 1",
            cost: "O(QK) times bisection steps",
            use: "As sparse as you like, from softmax (α = 1) to sparsemax (2) and beyond.",
            source: "Peters, Niculae & Martins 2019, algorithm 1"),
        CatalogueEntry(
            part: "sigmoid", "Sigmoid", .normalizer, formula: "P = σ(z + b), b a number or −ln n", cost: "O(QK)",
            use: "Every key is judged by itself; no row sums, so it is quick and parallel.",
            source: "Ramapuram et al. 2024, Sigmoid Self-Attention"),
        CatalogueEntry(
            part: "normalized_sigmoid", "Normalized sigmoid (smoothing)", .normalizer, formula: "P = σ(z) / Σ σ(z)",
            cost: "O(QK)", use: "Many keys deserve attention at once, as the frames of a sound do.",
            source: "Chorowski et al. 2015, Attention-Based Models for Speech Recognition, sec. 2.3"),
        CatalogueEntry(
            part: "relu", "ReLU", .normalizer, formula: "P = max(z, 0)^power / n", cost: "O(QK)",
            use: "Vision models without an exponential; power 2 in fast language models.",
            source: "Wortsman et al. 2023; Hua et al. 2022"),
        CatalogueEntry(
            part: "top_k", "Top-k", .normalizer, formula: "softmax over the k largest z", cost: "O(QK log K)",
            use: "Noise from many irrelevant keys is cut off; memories searched by nearest neighbours.",
            source: "Zhao et al. 2019, Explicit Sparse Transformer"),
        CatalogueEntry(
            part: "hardmax", "Hardmax", .normalizer, formula: "P = one-hot(argmax z)", cost: "O(QK)",
            use: "Hard attention when it is used rather than trained.", source: "Xu et al. 2015, Show, Attend and Tell"),
        CatalogueEntry(
            part: "stick_breaking", "Stick-breaking", .normalizer, formula: "P_j = σ(z_j) Π_{k>j} (1 − σ(z_k))",
            cost: "O(QK)",
            use: "The latest match wins: recency without positions. Causal with offset −1.",
            source: "Tan et al. 2024, Stick-breaking Attention; Csordás et al. 2022"),
        CatalogueEntry(
            part: "gumbel_softmax", "Gumbel-softmax", .normalizer,
            formula: "P = softmax((z + g) / T); hard: its one-hot forward, itself backward", cost: "O(QK)",
            use: "Training discrete choices by gradients, with little bias at low temperature.",
            source: "Jang, Gu & Poole 2017, Categorical Reparameterization with Gumbel-Softmax, eq. 2"),
        CatalogueEntry(
            "hard_sample", "Hard attention (REINFORCE)", .normalizer,
            formula: "j ~ softmax(z), o = v_j; ∇ = w_r (R − b) ∇ ln α_j + w_e ∇ H(α)", cost: "O(QK)",
            use: "Choices that must be discrete in training too; unbiased, but noisy.",
            source: "Xu et al. 2015, Show, Attend and Tell, eq. 8–12", compute: CoreAttention.sample),
        CatalogueEntry(
            part: "sinkhorn", "Sinkhorn", .normalizer,
            formula: "rows and columns of exp(z) divided by their sums in turn",
            cost: "O(T QK)", use: "Matchings: every key is to be looked at as much as every other.",
            source: "Sander et al. 2022, Sinkformers, sec. 3"),
        CatalogueEntry(
            part: "over_queries", "Softmax over queries", .normalizer,
            formula: "softmax over i, + ε, rows divided by their sum",
            cost: "O(QK)", use: "Queries compete for keys: slots that explain an image.",
            source: "Locatello et al. 2020, Slot Attention, algorithm 1"),
        CatalogueEntry(
            "dropout", "Dropout of weights", .normalizer, formula: "o = Σ w keep / (1 − p) v", cost: "O(QK)",
            use: "Regularization in training. Here the kept weights are given.",
            source: "Vaswani et al. 2017, sec. 5.4; Srivastava et al. 2014", compute: CoreAttention.compute),
    ]
}

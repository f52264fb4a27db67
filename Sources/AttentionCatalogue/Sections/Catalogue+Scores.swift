import AttentionMechanisms

extension Catalogue {
    static let scores: [CatalogueEntry] = [
        CatalogueEntry(
            part: "dot", "Dot product", .score, formula: "s = q · k", cost: "O(QKD)",
            use: "Queries and keys live in one space and are of one length. The simplest score, and the fastest.",
            source: "Luong, Pham & Manning 2015, Effective Approaches to Attention-based NMT, sec. 3.1"),
        CatalogueEntry(
            part: "scaled_dot", "Scaled dot product", .score, formula: "s = q · k / √D, or a scale of your own",
            cost: "O(QKD)",
            use: "The standard of Transformers: the scale keeps softmax from saturating however large the heads are.",
            source: "Vaswani et al. 2017, Attention Is All You Need, eq. 1"),
        CatalogueEntry(
            part: "general", "General (bilinear)", .score, formula: "s = qᵀ W k", cost: "O(KD² + QKD)",
            use: "Queries and keys come from different spaces, or of different sizes.",
            source: "Luong, Pham & Manning 2015, sec. 3.1"),
        CatalogueEntry(
            part: "biased_general", "Biased general", .score, formula: "s = k · (W q + b)", cost: "O(QD² + QKD)",
            use: "As general, with keys that are preferred whatever is asked.",
            source: "Sordoni, Bachman, Trischler & Bengio 2016, Iterative Alternating Neural Attention"),
        CatalogueEntry(
            part: "activated_general", "Activated general", .score, formula: "s = tanh(qᵀ W k + b)",
            cost: "O(KD² + QKD)",
            use: "As general, with scores kept within ±1, so that no key takes all: aspect-level sentiment.",
            source: "Ma et al. 2017, Interactive Attention Networks, sec. 2"),
        CatalogueEntry(
            part: "concat", "Concat", .score, formula: "s = v · tanh(W [q; k])", cost: "O((Q + K)DA + QKA)",
            use: "The additive score with a single weight for the joined query and key.",
            source: "Luong, Pham & Manning 2015, sec. 3.1"),
        CatalogueEntry(
            part: "additive", "Additive", .score, formula: "s = v · tanh(W q + U k + b)", cost: "O((Q + K)DA + QKA)",
            use:
                "A small network compares: better than an unscaled dot product for large D, slower than it on any machine.",
            source: "Bahdanau, Cho & Bengio 2015, NMT by Jointly Learning to Align and Translate, sec. A.1.2"),
        CatalogueEntry(
            part: "normed_additive", "Normed additive", .score, formula: "s = g v/|v| · tanh(W q + U k + b)",
            cost: "O((Q + K)DA + QKA)", use: "The additive score where training is unstable or slow.",
            source: "Bahdanau 2015 with Salimans & Kingma 2016, Weight Normalization, eq. 2"),
        CatalogueEntry(
            part: "location", "Location", .score, formula: "s_ij = (W q_i)_j", cost: "O(QDK)",
            use: "The query alone says where to look. Sources have a known longest length.",
            source: "Luong, Pham & Manning 2015, eq. 8"),
        CatalogueEntry(
            part: "cosine", "Cosine", .score, formula: "s = scale · q · k / (max(|q|, ε) max(|k|, ε))", cost: "O(QKD)",
            use: "Addressing a memory by content, where the lengths of vectors should not matter.",
            source: "Graves, Wayne & Danihelka 2014, Neural Turing Machines, eq. 6"),
        CatalogueEntry(
            part: "gaussian_kernel", "Gaussian kernel", .score, formula: "s = −|q − k|² / (2σ²)", cost: "O(QKD)",
            use: "Kernel regression: with softmax, the Nadaraya–Watson estimator of the values at q.",
            source: "Nadaraya 1964; Watson 1964, Smooth Regression Analysis"),
    ]
}

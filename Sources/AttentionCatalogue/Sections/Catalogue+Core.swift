import AttentionMechanisms

extension Catalogue {
    /// Compositions of the parts that have names of their own.
    static let core: [CatalogueEntry] = [
        CatalogueEntry(
            part: "gqa", "Grouped-query attention", .heads, formula: "head h reads key/value head ⌊h / (H / Hkv)⌋",
            cost: "O(HQKD), memory O(Hkv KD)",
            use: "A key–value cache that is smaller by H / Hkv, with almost no loss.",
            source: "Ainslie et al. 2023, GQA"),
        CatalogueEntry(
            part: "mqa", "Multi-query attention", .heads, formula: "all heads share one key/value head",
            cost: "O(HQKD), memory O(KD)", use: "The smallest key–value cache; some loss of quality.",
            source: "Shazeer 2019, Fast Transformer Decoding: One Write-Head Is All You Need"),
        CatalogueEntry(
            part: "combined", "A modern decoder's attention", .composition,
            formula: "QK-norm, RoPE, soft cap, causal window, padding, sinks, grouped heads", cost: "O(HQKD)",
            use: "What current language models put together.", source: "Gemma 2, Qwen3, gpt-oss"),
        CatalogueEntry(
            part: "combination", "Any combination", .composition,
            formula: "normalize(modify(score(q, k)) within scope) · v", cost: "that of its parts",
            use: "Parts that nobody has put together yet.", source: "Vaswani et al. 2017, generalized"),
    ]
}

import AttentionMechanisms

extension Catalogue {
    static let scopes: [CatalogueEntry] = [
        CatalogueEntry(
            part: "padding", "Padding", .scope, formula: "j < key_lengths[b]; i < query_lengths[b]", cost: "O(B)",
            use: "Batches of sequences of different lengths. Padding is never seen and takes no gradient.",
            source: "Bahdanau, Cho & Bengio 2015; common practice"),
        CatalogueEntry(
            part: "query_padding", "Query padding", .scope, formula: "i < query_lengths[b]", cost: "O(BQ)",
            use: "Queries that are padding themselves: they look at nothing and return zeros.",
            source: "Common practice"),
        CatalogueEntry(
            part: "key_mask", "Key mask", .scope, formula: "key_mask[b, j]", cost: "O(BK)",
            use: "Keys that are missing anywhere: padding on the left, holes.", source: "Common practice"),
        CatalogueEntry(
            part: "mask", "Any mask", .scope, formula: "mask[b, h, i, j], true = may attend", cost: "O(BHQK)",
            use: "A pattern that has no name here.", source: "Vaswani et al. 2017, sec. 3.2.3"),
        CatalogueEntry(
            part: "causal", "Causal", .scope, formula: "j ≤ p", cost: "O(1)",
            use: "Models that write from left to right: no query sees what comes after it.",
            source: "Vaswani et al. 2017, Attention Is All You Need, sec. 3.2.3"),
        CatalogueEntry(
            part: "prefix", "Prefix", .scope, formula: "j ≤ p or j < prefix_lengths[b]", cost: "O(BQK)",
            use: "A prompt is read in both directions, its continuation written from left to right.",
            source: "Raffel et al. 2020, T5, fig. 4"),
        CatalogueEntry(
            part: "sliding_window", "Sliding window", .scope, formula: "p − left ≤ j ≤ p + right",
            cost: "O(Q(left + right))", use: "Long sequences where neighbours matter most; layers widen the reach.",
            source: "Beltagy, Peters & Cohan 2020, Longformer, sec. 3.1"),
        CatalogueEntry(
            part: "local_m", "Local monotonic (local-m)", .scope, formula: "|j − p| ≤ half_width",
            cost: "O(Q · half_width)", use: "Translation between languages of like word order; p_t = t.",
            source: "Luong, Pham & Manning 2015, sec. 3.2"),
        CatalogueEntry(
            part: "dilated", "Dilated window", .scope, formula: "(p − j) mod d = 0, −right · d ≤ p − j ≤ left · d",
            cost: "O(Q(left + right))", use: "A window that reaches d times as far for the same cost.",
            source: "Beltagy, Peters & Cohan 2020, Longformer, sec. 3.1"),
        CatalogueEntry(
            part: "strided", "Strided", .scope, formula: "p − l ≤ j ≤ p, or j ≤ p with (p − j) mod l = 0",
            cost: "O(Q√K) for l = √K", use: "Data with a period, such as rows of images or bars of music.",
            source: "Child, Gray, Radford & Sutskever 2019, Sparse Transformers, sec. 4.3"),
        CatalogueEntry(
            part: "fixed", "Fixed", .scope, formula: "j ≤ p with ⌊j/l⌋ = ⌊p/l⌋ or j mod l ≥ l − c",
            cost: "O(Q√K) for l = √K", use: "Data without a period: summary places pass on what a stretch holds.",
            source: "Child, Gray, Radford & Sutskever 2019, sec. 4.3"),
        CatalogueEntry(
            part: "longformer", "Longformer", .scope, formula: "|i − j| ≤ w, or i or j is global",
            cost: "O(Q(w + globals))",
            use: "Long documents with a few places that must see all: questions, class tokens.",
            source: "Beltagy, Peters & Cohan 2020, Longformer, sec. 3.1"),
        CatalogueEntry(
            part: "block_sparse", "Block-sparse", .scope, formula: "block_mask[(h,) ⌊i/bq⌋, ⌊j/bk⌋]",
            cost: "O(visible blocks)", use: "Any pattern of whole blocks, even one per head.",
            source: "Gray, Radford & Kingma 2017, GPU Kernels for Block-Sparse Weights"),
        CatalogueEntry(
            part: "big_bird", "Big Bird", .scope, formula: "window, global and random blocks", cost: "O(Q)",
            use: "Long sequences in linear time, with a proof that nothing computable is lost.",
            source: "Zaheer et al. 2020, Big Bird, sec. 2"),
        CatalogueEntry(
            part: "streaming", "Streaming with attention sinks", .scope,
            formula: "j ≤ p and (j < sinks or p − j < window)",
            cost: "O(Q(sinks + window))", use: "Endless text with a cache of constant size.",
            source: "Xiao et al. 2024, Efficient Streaming Language Models with Attention Sinks, sec. 3"),
        CatalogueEntry(
            part: "chunked", "Chunked", .scope, formula: "⌊p/chunk⌋ = ⌊j/chunk⌋, and j ≤ p if causal",
            cost: "O(Q · chunk)", use: "Each chunk for itself; other layers pass information between chunks.",
            source: "Qiu et al. 2020, Blockwise Self-Attention; Llama 4"),
        CatalogueEntry(
            part: "log_sparse", "Log-sparse", .scope, formula: "p − j ∈ {0, 1, 2, 4, 8, …}", cost: "O(Q log K)",
            use: "Time series: the past at exponentially growing steps; log K layers reach all of it.",
            source: "Li et al. 2019, Enhancing the Locality of Transformer on Time Series, sec. 4.2"),
        CatalogueEntry(
            part: "segment", "Packed segments", .scope, formula: "segment_query[b, i] = segment_key[b, j]",
            cost: "O(BQK)", use: "Several documents packed into one sequence that should not see each other.",
            source: "Krell et al. 2021, Efficient Sequence Packing without Cross-contamination"),
        CatalogueEntry(
            part: "axial", "Axial and criss-cross", .scope, formula: "y_i = y_j, x_i = x_j, or either",
            cost: "O(L√L) for a square image", use: "Images: rows and columns in turn see everything in two steps.",
            source: "Ho et al. 2019, Axial Attention; Huang et al. 2019, CCNet"),
        CatalogueEntry(
            part: "swin", "Shifted windows", .scope, formula: "cell and region of i and j agree on both axes",
            cost: "O(LM²)", use: "Images in linear time; shifting every other layer connects the windows.",
            source: "Liu et al. 2021, Swin Transformer, sec. 3.2"),
        CatalogueEntry(
            part: "neighborhood", "Neighbourhood", .scope,
            formula: "start ≤ y_j < start + K, start = clamp(y_i − ⌊K/2⌋, 0, n − K), likewise x", cost: "O(LK²)",
            use: "Images: every pixel sees equally many around it, at the borders too.",
            source: "Hassani et al. 2023, Neighborhood Attention Transformer, sec. 3"),
        CatalogueEntry(
            part: "lsh", "Locality-sensitive hashing", .scope,
            formula: "bucket(q_i) = bucket(k_j), bucket(x) = argmax [xR, −xR]",
            cost: "O(L log L) with sorting", use: "Long sequences whose attention is sparse, but nobody knows where.",
            source: "Kitaev, Kaiser & Levskaya 2020, Reformer, sec. 2"),
    ]
}

import AttentionMechanisms
import AttentionTensors
import AttentionVariants

extension Catalogue {
    static let structured: [CatalogueEntry] = [
        CatalogueEntry(
            "linear_chain", "Linear-chain CRF attention", .structured,
            formula:
                "p(z) ∝ exp(start(z_1) + Σ_i unary_i(z_i) + Σ_i transition(z_i, z_{i+1}) + end(z_L)); marginals p(z_i = c)",
            cost: "O(L C²) for C labels",
            use: "Where neighbouring positions should agree on a label: tagging, soft segmentation.",
            source: """
                Lafferty, McCallum & Pereira 2001, Conditional Random Fields; Kim, Denton, Hoang & Rush 2017, Structured Attention \
                Networks, sec. 3.1 and 3.3
                """
        ) { request in
            let chain = LinearChain(
                transition: try request.tensor("transition"), start: try request.tensor(ifPresent: "start"),
                end: try request.tensor(ifPresent: "end"))
            let found = try chain.marginals(
                unary: try request.tensor("unary"), lengths: try request.lengths("lengths"))
            return [
                "marginals": .real(found.labels), "pair_marginals": .real(found.pairs),
                "log_partition": .real(found.logPartition),
            ]
        },
        CatalogueEntry(
            "segmentation_crf", "Segmentation attention", .structured,
            formula: """
                p(z) ∝ exp(Σ_j z_j s_ij + Σ_j transition(z_j, z_{j+1})), z_j ∈ {0, 1}; w_ij = p(z_j = 1); \
                context_i = Σ_j w_ij v_j
                """,
            cost: "O(Q K (D + 4))",
            use:
                "Where a query should read whole segments, as many keys as it needs, rather than share out one unit of attention.",
            source: "Kim, Denton, Hoang & Rush 2017, Structured Attention Networks, sec. 3.1"
        ) { request in
            let score: any Score =
                request.options.contains("scale")
                ? .scaledDot(scale: Float(try request.options.number("scale"))) : .scaledDot
            var attention = SegmentationAttention(transition: try request.tensor("transition"))
            attention.score = score
            let found = try attention.align(
                query: try request.tensor("query"), keys: try request.tensor("key"),
                values: try request.tensor("value"), lengths: try request.lengths("key_lengths"))
            return [
                "output": .real(found.context), "weights": .real(found.weights),
                "log_partition": .real(found.logPartition),
            ]
        },
        CatalogueEntry(
            "nonprojective_dependency", "Non-projective dependency attention", .structured,
            formula: """
                p(tree) ∝ exp(Σ arc(h, m) + Σ root(m)) over all trees; Z = det(diag(Σ_h A_hm + r_m) − A), A = exp(arc), r = exp(root); \
                context_m = Σ_h p(h → m) v_h
                """,
            cost: "O(L³)",
            use: "Where each word should attend to its likely syntactic head, in any word order.",
            source: """
                Koo, Globerson, Carreras & Collins 2007, Structured Prediction Models via the Matrix-Tree Theorem, sec. 3; Liu & Lapata \
                2018, Learning Structured Text Representations, sec. 2.2
                """
        ) { try dependency(.nonprojective, $0) },
        CatalogueEntry(
            "projective_dependency", "Projective dependency attention", .structured,
            formula: """
                p(tree) ∝ exp(Σ arc(h, m) + Σ root(m)) over trees without crossing arcs; Z by Eisner's inside algorithm; \
                context_m = Σ_h p(h → m) v_h
                """,
            cost: "O(L³)",
            use: "Where each word should attend to its likely syntactic head, and phrases should stay together.",
            source: """
                Eisner 1996, Three New Probabilistic Models for Dependency Parsing; Kim, Denton, Hoang & Rush 2017, Structured Attention \
                Networks, sec. 3.2
                """
        ) { try dependency(.projective, $0) },
    ]

    private static func dependency(_ trees: DependencyAttention.Trees, _ request: Request) throws -> Outputs {
        let isSingle = try request.options.truth("single_root", default: false)
        let found = try DependencyAttention(trees, roots: isSingle ? .single : .multiple).align(
            arc: try request.tensor("arc"), root: try request.tensor("root"), values: try request.tensor("value"),
            lengths: try request.lengths("lengths"))
        return [
            "output": .real(found.context), "marginals": .real(found.arcs), "root_marginals": .real(found.roots),
            "log_partition": .real(found.logPartition),
        ]
    }
}

import AttentionMechanisms
import AttentionTensors
import AttentionVariants

extension Catalogue {
    static let efficient: [CatalogueEntry] =
        [
            flash, linearAttention, performer, linformer, nystrom, efficientAttention, cosformer, crossCovariance,
            probSparse,
        ] + efficientRecurrences + efficientSequences

    private static let flash = CatalogueEntry(
        "flash", "Flash attention (online softmax)", .efficient,
        formula:
            "m' = max(m, max S_b);  l' = e^(m−m') l + Σ e^(S_b−m');  O' = e^(m−m') O + e^(S_b−m') V_b;  out = O / l",
        cost: "time O(Q K D), memory O(Q D)",
        use: "Exact softmax attention without the matrix of weights; the running values show how the sum is built up.",
        source: "Milakov & Gimelshein 2018, Online normalizer calculation for softmax; "
            + "Dao et al. 2022, FlashAttention, algorithm 1"
    ) { request in
        let mechanism = FlashAttention(
            blockSize: try request.options.integer("block_key"),
            isCausal: try request.options.truth("causal", default: false))
        let pass = try mechanism.pass(request.tensor("query"), request.keyValueMemory())
        return [
            "output": .real(pass.context), "lse": .real(pass.logSums), "running_max": .real(pass.runningMaximum),
            "running_sum": .real(pass.runningSum),
        ]
    }

    private static let linearAttention = CatalogueEntry(
        "linear_attention", "Linear attention", .efficient,
        formula: "out_i = φ(q_i)ᵀ Σ_j φ(k_j) v_jᵀ / (ε + φ(q_i)ᵀ Σ_j φ(k_j));  φ(x) = elu(x) + 1",
        cost: "time O((Q + K) D Dv), memory O(D Dv)",
        use: "Very long sequences where softmax is too dear; causal, it is a recurrence with a state of fixed size.",
        source: "Katharopoulos et al. 2020, Transformers are RNNs, sec. 3.2–3.3"
    ) { request in
        let mechanism = LinearAttention(
            isCausal: try request.options.truth("causal", default: false),
            epsilon: try request.options.number("epsilon", default: 0))
        return ["output": .real(try mechanism.attend(request.tensor("query"), request.keyValueMemory()))]
    }

    private static let performer = CatalogueEntry(
        "performer", "Performer (FAVOR+)", .efficient,
        formula:
            "exp(q·k / √D) ≈ φ(q)·φ(k);  φ_r(x) = exp(w_r·x' − |x'|²/2) / √M, or exp(|x'|²/2) [sin, cos](w x') / √M;  "
            + "x' = x D^(−1/4)",
        cost: "time O((Q + K) M D), memory O(M D)",
        use: "An unbiased estimate of softmax attention in linear time; more features M make it sharper.",
        source: "Choromanski et al. 2021, Rethinking Attention with Performers, sec. 2.3–2.4"
    ) { request in
        let mechanism = Performer(
            features: try request.tensor("features"), map: try performerFeatures(request.options),
            isCausal: try request.options.truth("causal", default: false))
        return ["output": .real(try mechanism.attend(request.tensor("query"), request.keyValueMemory()))]
    }

    private static func performerFeatures(_ options: Options) throws -> Performer.FeatureMap {
        let stabilizer = try options.choice("stabilizer", default: StabilizerName.none)
        let epsilon = try options.number("epsilon", default: 1e-4)
        return switch (try options.choice("features", default: FeatureName.positive), stabilizer) {
        case (.trigonometric, _): .trigonometric
        case (.positive, StabilizerName.none): .positive
        case (.positive, .authors): .stabilized(epsilon: epsilon)
        }
    }

    private static let linformer = CatalogueEntry(
        "linformer", "Linformer", .efficient,
        formula: "out = softmax(q (E k)ᵀ / √D) (F v);  E, F of r rows",
        cost: "time O((Q + K) r D), memory O(Q r)",
        use: "Sequences of a fixed length whose keys are redundant: r learned mixtures stand for all of them.",
        source: "Wang et al. 2020, Linformer: Self-Attention with Linear Complexity, eq. 7"
    ) { request in
        let mechanism = Linformer(
            keyProjection: try request.tensor("projection_key"), valueProjection: try request.tensor("projection_value")
        )
        let alignment = try mechanism.align(request.tensor("query"), request.keyValueMemory())
        return ["output": .real(alignment.context), "weights": .real(alignment.weights)]
    }

    private static let nystrom = CatalogueEntry(
        "nystrom", "Nyström attention", .efficient,
        formula: "out = softmax(q k̃ᵀ) Z softmax(q̃ kᵀ) v;  q̃, k̃ segment means;  Z = softmax(q̃ k̃ᵀ)⁺, exact or iterated",
        cost: "time O((Q + K) m D + m³), memory O((Q + K) m)",
        use: "Approximates softmax attention by way of m landmarks; with as many landmarks as tokens it is exact.",
        source: "Xiong et al. 2021, Nyströmformer, sec. 3.2, eq. 13"
    ) { request in
        let iterations = try request.options.integer("iterations", default: 6)
        let inverse: NystromAttention.Inverse =
            switch try request.options.choice("inverse", default: InverseName.iterative) {
            case .exact: .exact
            case .iterative: .iterative(iterations)
            }
        let mechanism = NystromAttention(
            landmarkCount: try request.options.integer("landmarks"), inverse: inverse)
        return ["output": .real(try mechanism.attend(request.tensor("query"), request.keyValueMemory()))]
    }

    private static let efficientAttention = CatalogueEntry(
        "efficient_attention", "Efficient attention", .efficient,
        formula: "out = softmax_features(q) (softmax_positions(k)ᵀ v)",
        cost: "time O((Q + K) D Dv), memory O(D Dv)",
        use: "Vision at high resolution: D global contexts are gathered once and mixed by every query.",
        source: "Shen et al. 2021, Efficient Attention: Attention with Linear Complexities, sec. 3.2"
    ) { request in
        let context = try EfficientAttention().attend(request.tensor("query"), request.keyValueMemory())
        return ["output": .real(context)]
    }

    private static let cosformer = CatalogueEntry(
        "cosformer", "cosFormer", .efficient,
        formula: "w_ij = relu(q_i)·relu(k_j) cos(π/2 (i−j)/M), M = max(Q, K);  out_i = Σ_j w_ij v_j / Σ_j w_ij",
        cost: "time O((Q + K) D Dv), memory O(D Dv)",
        use: "Linear attention that prefers near positions, without random features.",
        source: "Qin et al. 2022, cosFormer: Rethinking Softmax in Attention, sec. 3.3"
    ) { request in
        let mechanism = Cosformer(isCausal: try request.options.truth("causal", default: false))
        return ["output": .real(try mechanism.attend(request.tensor("query"), request.keyValueMemory()))]
    }

    private static let crossCovariance = CatalogueEntry(
        "cross_covariance", "Cross-covariance attention", .efficient,
        formula: "out = (W vᵀ)ᵀ;  W = softmax(τ_h q̂ᵀ k̂), q̂ and k̂ of length 1 along the positions",
        cost: "time O(L D²), memory O(D²)",
        use: "Images of any size: features attend to features, so that the cost is linear in the number of patches.",
        source: "El-Nouby et al. 2021, XCiT: Cross-Covariance Image Transformers, sec. 3.2"
    ) { request in
        let mechanism = CrossCovarianceAttention(
            temperature: try request.tensor("temperature"),
            epsilon: Float(try request.options.number("epsilon", default: 1e-12)))
        let alignment = try mechanism.align(request.tensor("query"), request.keyValueMemory())
        return ["output": .real(alignment.context), "weights": .real(alignment.weights)]
    }

    private static let probSparse = CatalogueEntry(
        "prob_sparse", "ProbSparse attention", .efficient,
        formula:
            "measure_i = max_u q_i·k_u − Σ_u q_i·k_u / K over samples u;  the largest attend, the rest read mean(v)",
        cost: "time O(Q U D + active · K D), memory O(active · K)",
        use: "Long series in which few positions look somewhere in particular.",
        source: "Zhou et al. 2021, Informer, sec. 3.2 and algorithm 1"
    ) { request in
        let samples = try request.integers("samples")
        guard samples.shape.rank == 2 else {
            throw CatalogueError.unfitTensor("samples", expected: "key numbers [Q, U]", found: "\(samples.shape)")
        }
        let (rows, columns) = (samples.shape[0], samples.shape[1])
        let mechanism = ProbSparseAttention(
            samples: (0..<rows).map { Array(samples.values[$0 * columns..<($0 + 1) * columns]) },
            activeCount: min(try request.options.size("active"), rows))
        let (query, memory) = (try request.tensor("query"), try request.keyValueMemory())
        let active = try mechanism.activeQueries(query, memory)
        let context = try mechanism.attend(query, memory, active: active)
        return ["output": .real(context), "active": .truths(active)]
    }
}

extension Request {
    /// The memory of `key`, `value` and, if it is given, `key_lengths`.
    func keyValueMemory() throws -> Memory {
        try Memory(
            preparedKeys: tensor("key"), values: tensor("value"), lengths: lengths("key_lengths"))
    }
}

/// The functions that a performer's features are made with.
private enum FeatureName: String, CaseIterable { case positive, trigonometric }

/// What keeps a performer's exponentials small.
private enum StabilizerName: String, CaseIterable { case none, authors }

/// How the weights between landmarks are inverted.
private enum InverseName: String, CaseIterable { case exact, iterative }

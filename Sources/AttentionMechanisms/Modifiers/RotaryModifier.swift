public import AttentionTensors

/// Turns pairs of features of queries and keys by t · f_m at position t, so that their inner product knows only the distance:
/// (a, b) → (a cos − b sin, a sin + b cos).
///
/// The first `rotary_dim` features are turned, as many as there are frequencies for; the rest passes through.
///
/// *Source:* Su et al. 2021, *RoFormer*, eq. 14, 15 and 34.
public struct RotaryModifier: Modifier {
    /// Which features are a pair.
    public enum Layout: String, Sendable, Hashable, CaseIterable {
        /// (2m, 2m + 1), as in RoFormer and GPT-J.
        case interleaved
        /// (m, m + rotary_dim / 2), as in GPT-NeoX and Llama.
        case half
    }

    /// The angles per position.
    public let frequencies: RotaryFrequencies
    /// Which features are a pair.
    public let layout: Layout

    /// Rotary position embeddings of twice as many features as there are frequencies.
    public init(frequencies: RotaryFrequencies, layout: Layout) {
        self.frequencies = frequencies
        self.layout = layout
    }

    public func transform(query: Tensor, positions: Positions) throws(ShapeError) -> Tensor {
        try rotation(of: query, positions).turn(query)
    }

    public func transform(keys: Tensor, positions: Positions) throws(ShapeError) -> Tensor {
        try rotation(of: keys, positions).turn(keys)
    }

    public var leavesScores: Bool { true }

    private func rotation(of x: Tensor, _ positions: Positions) throws(ShapeError) -> Rotation {
        Rotation(
            frequencies, positions: try positions.table("rope", rowCount: x.shape[0], count: x.shape[2]), layout: layout
        )
    }
}

extension Modifier where Self == RotaryModifier {
    /// Rotary position embeddings of the first `rotarySize` features.
    /// - Throws: `ShapeError` if there are no such frequencies.
    public static func rope(
        rotarySize: Int, base: Double = 10_000, scaling: RotaryScaling = .none, layout: RotaryModifier.Layout = .half
    ) throws(ShapeError) -> RotaryModifier {
        RotaryModifier(
            frequencies: try RotaryFrequencies(rotarySize: rotarySize, base: base, scaling: scaling), layout: layout)
    }
}

extension RotaryModifier {
    /// What there is to know of it.
    public static let descriptor = ModifierDescriptor(
        "rope", "Rotary position embedding (RoPE)", .modifier,
        formula: "(a, b) → (a cos tf − b sin tf, a sin tf + b cos tf), f_m = base^(−2m/d)", cost: "O((Q + K)D)",
        use: "The standard of large language models: products know relative positions, at no cost in parameters.",
        source: "Su et al. 2021, RoFormer, eq. 14–15, 34",
        options: RotaryFrequencies.options + [
            .choice("layout", Layout.self, default: .half), .integer("query_offset", default: 0),
            .integer("key_offset", default: 0),
        ],
        example: PartExample(["layout": .text("half")])
    ) { request in
        let modifier = RotaryModifier(
            frequencies: try RotaryFrequencies(request.options, standardSize: request.querySize),
            layout: try request.options.choice("layout"))
        let (queries, keys) = (try request.options.integer("query_offset"), try request.options.integer("key_offset"))
        return queries == 0 && keys == 0 ? modifier : ShiftedModifier(modifier, queries: queries, keys: keys)
    }
}

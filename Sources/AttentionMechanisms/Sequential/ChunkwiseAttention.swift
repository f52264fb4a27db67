public import AttentionTensors

/// Monotonic chunkwise attention (MoChA): a monotonic process decides where to stop, and softmax shares attention among the `width` keys up
/// to there; without a width, among all keys up to there (MILk).
///
/// The state is the monotonic alignment of the step before.
///
/// *Source:* Chiu & Raffel 2018, *Monotonic Chunkwise Attention*; Arivazhagan et al. 2019, *Monotonic Infinite Lookback Attention*.
public struct ChunkwiseAttention: SequentialMechanism {
    /// Where to stop.
    public var score: any Score
    /// What to look at within the chunk.
    public var chunkScore: any Score
    /// What is added to `score`, [1]; begins at −1.
    public var energyBias: Parameter
    /// w; nil for no limit.
    public let width: Int?

    /// A mechanism of these parts.
    public init(
        score: some Score, chunkScore: some Score, energyBias: Tensor = .full(-1, [1]), width: Int?
    ) {
        self.score = score
        self.chunkScore = chunkScore
        self.energyBias = Parameter(energyBias)
        self.width = width
    }

    /// The keys as both scores transform them, side by side.
    public func remember(keys: Tensor, values: Tensor, lengths: [Int]?) throws(ShapeError) -> Memory {
        let stops = try AttentionMechanism(score: score).remember(keys: keys, values: values, lengths: lengths)
        let chunks = try AttentionMechanism(score: chunkScore).remember(keys: keys, values: values, lengths: lengths)
        return try Memory(
            preparedKeys: try concatenated([stops.keys, chunks.keys], axis: 3), values: stops.values, lengths: lengths)
    }

    public func start(_ memory: Memory) -> Tensor { MonotonicNormalizer.monotonic.start(memory) }

    public func step(
        _ query: Tensor, _ memory: Memory, _ state: inout Tensor, training key: RandomKey? = nil
    ) throws(ShapeError) -> Alignment {
        try memory.checkStep(query, "chunkwise attention")
        try require(
            energyBias.shape == [1], "chunkwise attention", expected: "a bias [1]", found: "\(energyBias.shape)")
        let (own, all) = (try score.transform(query: query), memory.keyShape[3])
        try require(
            own.shape[3] <= all, "chunkwise attention", expected: "a query of at most \(all) features",
            found: "\(own.shape)")
        let keys = (
            try memory.keys.sliced(axis: 3, 0..<own.shape[3]), try memory.keys.sliced(axis: 3, own.shape[3]..<all)
        )
        let energy = try score.compare(own, keys.0) + energyBias.tensor
        let monotonic = try MonotonicNormalizer.monotonic.normalize(energy, memory, &state)
        let chunkEnergy = try chunkScore.compare(try chunkScore.transform(query: query), keys.1)
        return try memory.read(
            try chunkwiseWeights(
                monotonic: monotonic, chunkEnergy: chunkEnergy, width: width, lengths: memory.lengths))
    }

    /// `score.…`, `chunk_score.…` and `energy_bias`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try score.visit(&visitor, path / "score")
        try chunkScore.visit(&visitor, path / "chunk_score")
        try energyBias.visit(&visitor, path / "energy_bias")
    }
}

extension ChunkwiseAttention {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "mocha", "Monotonic chunkwise attention (MoChA, MILk)", .sequential,
        formula:
            "b_ij = Σ_{k=j}^{j+w−1} a_ik exp(u_ij) / Σ_{l=k−w+1}^{k} exp(u_il), a monotonic; w = −1: from the start",
        cost: "O(QKw) time", use: "Reading online with a soft look at the last w places.",
        source: "Chiu & Raffel 2018, Monotonic Chunkwise Attention, sec. 2.3-2.4; Arivazhagan et al. 2019, "
            + "Monotonic Infinite Lookback Attention",
        options: [.integer("width")],
        example: Example(["width": .number(3)]) { try $0.energetic() + ["chunk_energy": .real(try $0.energies())] }
    ) { request in
        let (energy, memory) = try request.energies("energy")
        let monotonic = try MonotonicNormalizer.monotonic.align(scores: energy, memory).weights
        let width = try request.options.integer("width")
        let weights = try chunkwiseWeights(
            monotonic: monotonic, chunkEnergy: try request.energies("chunk_energy").scores,
            width: width == -1 ? nil : width, lengths: memory.lengths)
        return try .reading(memory.read(weights), ["monotonic_weights": monotonic])
    }

    /// How a decoder gets it.
    public static let sequential = SequentialDescriptor(
        descriptor,
        .drawn { settings, key in
            ChunkwiseAttention(
                score: .stopping(settings, key: key[0]), chunkScore: .comparing(settings, key: key[1]),
                width: settings.chunkWidth)
        })
}

public import AttentionTensors

/// Attention that moves from left to right: a score, plus a bias r, shared out by a normalizer that knows the step before.
///
/// r begins at −1, so that at first the process rather goes on than stops.
///
/// *Source:* Raffel, Luong, Liu, Weiss & Eck 2017, *Online and Linear-Time Attention by Enforcing Monotonic Alignments*, eq. 16.
public struct MonotonicAttention: SequentialMechanism {
    /// How a query is compared with a key.
    public var score: any Score
    /// r, [1].
    public var energyBias: Parameter
    /// `.monotonic`, `.hardMonotonic` or `.forward`.
    public var normalizer: any SequentialNormalizer

    /// A mechanism of these parts.
    public init(
        score: some Score, energyBias: Tensor = .full(-1, [1]), normalizer: some SequentialNormalizer = .monotonic
    ) {
        self.score = score
        self.energyBias = Parameter(energyBias)
        self.normalizer = normalizer
    }

    public func remember(keys: Tensor, values: Tensor, lengths: [Int]?) throws(ShapeError) -> Memory {
        try AttentionMechanism(score: score).remember(keys: keys, values: values, lengths: lengths)
    }

    public func start(_ memory: Memory) -> Tensor { normalizer.start(memory) }

    public func step(
        _ query: Tensor, _ memory: Memory, _ state: inout Tensor, training key: RandomKey? = nil
    ) throws(ShapeError) -> Alignment {
        try memory.checkStep(query, "monotonic attention")
        try require(
            energyBias.shape == [1], "monotonic attention", expected: "a bias [1]", found: "\(energyBias.shape)")
        let energy = try score.compare(try score.transform(query: query), memory.keys) + energyBias.tensor
        return try memory.read(try normalizer.normalize(energy, memory, &state))
    }

    /// The score's and the normalizer's own, and `energy_bias`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try score.visit(&visitor, path / "score")
        try energyBias.visit(&visitor, path / "energy_bias")
        try normalizer.visit(&visitor, path / "normalizer")
    }
}

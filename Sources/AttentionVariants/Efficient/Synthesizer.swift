public import AttentionMechanisms
public import AttentionTensors

/// Attention whose weights do not compare anything: each token says from itself alone where it looks,
///
///     weights = softmax(W₂ relu(W₁ q + b₁) + b₂), the first L columns
///
/// *Source:* Tay et al. 2021, *Synthesizer: Rethinking Self-Attention for Transformer Models*, sec. 3.1, eq. 1–2.
public struct DenseSynthesizer: Module {
    /// W₁, [A, D].
    public var firstWeight: Parameter
    /// b₁, [A].
    public var firstBias: Parameter
    /// W₂, [Lmax, A].
    public var secondWeight: Parameter
    /// b₂, [Lmax].
    public var secondBias: Parameter
    /// Whether position i sees only positions j ≤ i.
    public var isCausal: Bool

    /// A synthesizer with these two layers.
    public init(
        firstWeight: Tensor, firstBias: Tensor, secondWeight: Tensor, secondBias: Tensor, isCausal: Bool = false
    ) {
        self.firstWeight = Parameter(firstWeight)
        self.firstBias = Parameter(firstBias)
        self.secondWeight = Parameter(secondWeight)
        self.secondBias = Parameter(secondBias)
        self.isCausal = isCausal
    }

    /// Queries [B, L, D] and values [B, L, Dv] → weights [B, L, L] and context [B, L, Dv].
    /// - Throws: `ShapeError` if the shapes do not fit, or if L is above Lmax.
    public func align(query: Tensor, values: Tensor, lengths: [Int]? = nil) throws(ShapeError) -> Alignment {
        try require(
            query.shape.rank == 3 && values.shape.rank == 3
                && query.shape.dimensions.prefix(2) == values.shape.dimensions.prefix(2), "synthesizer",
            expected: "queries [B, L, D] and values [B, L, Dv]", found: "\(query.shape) and \(values.shape)")
        let hidden = try linear(query, weight: firstWeight, bias: firstBias, activation: .relu)
        let scores = try linear(hidden, weight: secondWeight, bias: secondBias)
        return try synthesized(scores, values: values, isCausal: isCausal, lengths: lengths)
    }

    /// `linear1.weight`, `linear1.bias`, `linear2.weight` and `linear2.bias`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try firstWeight.visit(&visitor, path / "linear1" / "weight")
        try firstBias.visit(&visitor, path / "linear1" / "bias")
        try secondWeight.visit(&visitor, path / "linear2" / "weight")
        try secondBias.visit(&visitor, path / "linear2" / "bias")
    }
}

/// Attention whose scores are parameters, alike for all inputs: the first L rows and columns of a table.
///
/// *Source:* Tay et al. 2021, sec. 3.1, eq. 3.
public struct RandomSynthesizer: Module {
    /// The scores, [Lmax, Lmax].
    public var scores: Parameter
    /// Whether position i sees only positions j ≤ i.
    public var isCausal: Bool

    /// A synthesizer with these scores [Lmax, Lmax].
    public init(scores: Tensor, isCausal: Bool = false) {
        self.scores = Parameter(scores)
        self.isCausal = isCausal
    }

    /// Values [B, L, Dv] → weights [B, L, L] and context [B, L, Dv].
    /// - Throws: `ShapeError` if the shapes do not fit, or if L is above Lmax.
    public func align(values: Tensor, lengths: [Int]? = nil) throws(ShapeError) -> Alignment {
        try require(
            values.shape.rank == 3 && scores.shape.rank == 2 && scores.shape[0] >= values.shape[1], "synthesizer",
            expected: "values [B, L, Dv] and scores [at least L, at least L]",
            found: "\(values.shape) and \(scores.shape)")
        let (batch, length) = (values.shape[0], values.shape[1])
        let rows = try scores.tensor.sliced(axis: 0, 0..<length).expanded(to: [batch, length, scores.shape[1]])
        return try synthesized(rows, values: values, isCausal: isCausal, lengths: lengths)
    }

    /// `scores_table`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try scores.visit(&visitor, path / "scores_table")
    }
}

/// The alignment of scores [B, L, Lmax], of which the first L columns count.
private func synthesized(
    _ scores: Tensor, values: Tensor, isCausal: Bool, lengths: [Int]?
) throws(ShapeError) -> Alignment {
    let (batch, length) = (values.shape[0], values.shape[1])
    try require(
        scores.shape[2] >= length, "synthesizer", expected: "at most \(scores.shape[2]) positions, one per score",
        found: "\(length)")
    try requireLengths(lengths, batch: batch, count: length, "synthesizer")
    var visible: Mask?
    if isCausal || lengths != nil {
        let bytes: [UInt8] = (0..<batch).flatMap { item in
            (0..<length).flatMap { i in
                (0..<length).map { $0 < lengths?[item] ?? length && (!isCausal || $0 <= i) ? 1 : 0 }
            }
        }
        visible = Mask(shape: [batch, length, length], bytes: bytes)
    }
    let weights = try scores.sliced(axis: 2, 0..<length).softmax(visible: visible)
    let kept = try values.keepingFirst(lengths)
    return Alignment(weights: weights, context: try matmul(weights, kept))
}

extension DenseSynthesizer {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "synthesizer", "Synthesizer", .efficient,
        formula: "out = softmax(S) v;  S = W₂ relu(W₁ q + b₁) + b₂ (dense) or a learned table (random)",
        cost: "time O(L² (A + Dv)), memory O(L²)",
        use: "A test of how much comparing matters: weights come from each token alone, or from nothing.",
        source: "Tay et al. 2021, Synthesizer: Rethinking Self-Attention for Transformer Models, sec. 3",
        options: [.truth("causal", default: false), .choice("variant", Variant.self)],
        example: Example(["variant": .text("dense")]) {
            ["query": .real($0.states), "value": .real($0.states)]
                + $0.parameters([
                    "linear1.weight": [32, $0.size], "linear1.bias": [32], "linear2.weight": [$0.length, 32],
                    "linear2.bias": [$0.length],
                ])
        }
    ) { request in
        let isCausal = try request.options.truth("causal")
        let (values, lengths) = (try request.tensor("value"), try request.lengths("key_lengths"))
        let alignment =
            switch try request.options.choice("variant") as Variant {
            case .dense:
                try DenseSynthesizer(
                    firstWeight: request.tensor("linear1.weight"), firstBias: request.tensor("linear1.bias"),
                    secondWeight: request.tensor("linear2.weight"), secondBias: request.tensor("linear2.bias"),
                    isCausal: isCausal
                ).align(query: request.tensor("query"), values: values, lengths: lengths)
            case .random:
                try RandomSynthesizer(scores: request.tensor("scores_table"), isCausal: isCausal)
                    .align(values: values, lengths: lengths)
            }
        return ["output": .real(alignment.context), "weights": .real(alignment.weights)]
    }

    private enum Variant: String, CaseIterable { case dense, random }
}

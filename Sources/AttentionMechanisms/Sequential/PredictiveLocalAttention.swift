public import AttentionTensors

/// Luong's local-p: each query predicts the place p = S σ(v_p · tanh(W_p q)) it is about, S being the number of real keys, and looks
/// around it: w = normalize(scores over |s − p| ≤ D) · exp(−(s − p)² / (2 σ²)), σ = D / 2, not normalised again; keys stand at s = 0, 1, ….
///
/// The window's edges carry no gradient, the Gaussian does. Nothing is carried from step to step.
///
/// *Source:* Luong, Pham & Manning 2015, *Effective Approaches to Attention-based NMT*, eq. 9 and 10.
public struct PredictiveLocalAttention: SequentialMechanism {
    /// How a query is compared with a key.
    public var score: any Score
    /// W_p, [A, Dq].
    public var positionWeight: Parameter
    /// v_p, [A].
    public var positionVector: Parameter
    /// D, above 0.
    public let halfWidth: Double
    /// How scores within the window become shares.
    public var normalizer: any Normalizer

    /// A mechanism of these parts.
    public init(
        score: some Score, positionWeight: Tensor, positionVector: Tensor, halfWidth: Double,
        normalizer: some Normalizer = .softmax
    ) {
        self.score = score
        self.positionWeight = Parameter(positionWeight)
        self.positionVector = Parameter(positionVector)
        self.halfWidth = halfWidth
        self.normalizer = normalizer
    }

    public func remember(keys: Tensor, values: Tensor, lengths: [Int]?) throws(ShapeError) -> Memory {
        try AttentionMechanism(score: score).remember(keys: keys, values: values, lengths: lengths)
    }

    public func start(_ memory: Memory) -> StepPosition { StepPosition() }

    public func step(
        _ query: Tensor, _ memory: Memory, _ state: inout StepPosition, training key: RandomKey? = nil
    ) throws(ShapeError) -> Alignment {
        try state.advance()
        return try align(query, memory).alignment
    }

    /// What all queries [B, H, Q, Dq] read, each by itself, and the places [B, H, Q] they predicted.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func align(
        _ query: Tensor, _ memory: Memory
    ) throws(ShapeError) -> (alignment: Alignment, positions: Tensor) {
        try require(halfWidth > 0, "local-p", expected: "a half width above 0", found: "\(halfWidth)")
        try require(
            query.shape.rank == 4 && query.shape.dimensions.prefix(2) == memory.keyShape.dimensions.prefix(2),
            "local-p", expected: "queries for keys \(memory.keyShape)", found: "\(query.shape)")
        try require(
            positionWeight.shape.rank == 2 && positionVector.shape == [positionWeight.shape[0]], "local-p",
            expected: "a position weight [A, Dq] and vector [A]",
            found: "\(positionWeight.shape) and \(positionVector.shape)")
        let positions = try predicted(query, memory)  // [B, H, Q, 1]
        let places = Tensor(shape: [memory.keyCount]) { out in for j in 0..<memory.keyCount { out[j] = Float(j) } }
        let distances = places - positions  // [B, H, Q, K]
        let shares = try normalizer.normalize(
            try score.compare(try score.transform(query: query), memory.keys),
            visible: window(positions, memory))
        let prior = (distances * distances * Float(-2 / (halfWidth * halfWidth))).exponential()
        return (try memory.read(shares * prior), try positions.squeezed(axis: 3))
    }

    /// p, [B, H, Q, 1].
    private func predicted(_ query: Tensor, _ memory: Memory) throws(ShapeError) -> Tensor {
        let hidden = try linear(query, weight: positionWeight, activation: .tanh)
        let share = try linear(hidden, weight: try positionVector.reshaped(to: [1, -1])).sigmoid()
        let lengths = memory.lengths ?? [Int](repeating: memory.keyCount, count: memory.keyShape[0])
        return share * (try Tensor(lengths.map(Float.init), shape: [lengths.count, 1, 1, 1]))
    }

    /// The real keys with |s − p| ≤ D, [B, H, Q, K].
    private func window(_ positions: Tensor, _ memory: Memory) -> Mask {
        let (keyCount, perItem) = (memory.keyCount, positions.shape[1] * positions.shape[2])
        let bytes = positions.values.enumerated().flatMap { row, position in
            let length = memory.lengths.map { $0[row / perItem] } ?? keyCount
            return (0..<keyCount).map { key -> UInt8 in
                key < length && abs(Double(key) - Double(position)) <= halfWidth ? 1 : 0
            }
        }
        return Mask(shape: Shape(positions.shape.dimensions.dropLast() + [keyCount]), bytes: bytes)
    }

    /// The score's and the normalizer's own, `weight_position` and `vector_position`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try score.visit(&visitor, path / "score")
        try positionWeight.visit(&visitor, path / "weight_position")
        try positionVector.visit(&visitor, path / "vector_position")
        try normalizer.visit(&visitor, path / "normalizer")
    }
}

extension PredictiveLocalAttention {
    /// A mechanism whose prediction has a hidden layer of `hiddenSize`, drawn uniformly (Glorot & Bengio 2010, eq. 16).
    public init(
        score: some Score, querySize: Int, hiddenSize: Int, halfWidth: Double,
        normalizer: some Normalizer = .softmax, key: RandomKey
    ) {
        self.init(
            score: score, positionWeight: .glorot([hiddenSize, querySize], key: key[0]),
            positionVector: .glorot([hiddenSize], key: key[1]), halfWidth: halfWidth, normalizer: normalizer)
    }
}

extension PredictiveLocalAttention {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "local_p", "Local attention, predictive (local-p)", .sequential,
        formula: "p = S σ(v_p · tanh(W_p q)), w_s = softmax over |s − p| ≤ D, times exp(−(s − p)² / 2 (D/2)²)",
        cost: "O(QK) time here; O(QD) with a gather",
        use: "Translation, where a query is about one place it can guess.",
        source: "Luong, Pham & Manning 2015, Effective Approaches to Attention-based NMT, eq. 9-10",
        options: [.part("score", default: "dot"), .number("half_width")],
        example: Example(["half_width": .number(3), "score": .fields(["kind": .text("dot")])]) {
            ["query": .real($0.states * 0.1), "key": .real($0.states), "value": .real($0.states)]
                + $0.parameters(["weight_position": [16, $0.size], "vector_position": [16]])
        }
    ) { request in
        let score: any Score = try request.part(
            "score", among: [DotScore.descriptor, GeneralScore.descriptor], of: .score)
        let mechanism = PredictiveLocalAttention(
            score: score, positionWeight: try request.tensor("weight_position"),
            positionVector: try request.tensor("vector_position"), halfWidth: try request.options.number("half_width"))
        let memory = try request.memory(for: mechanism)
        let (reading, positions) = try mechanism.align(request.headless("query"), memory)
        return try .reading(reading, ["positions": positions])
    }
}

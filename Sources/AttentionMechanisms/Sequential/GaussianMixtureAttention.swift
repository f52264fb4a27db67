public import AttentionTensors
internal import Glibc

/// A window of M Gaussians that moves along the keys; what they say is not asked. With (a, b, k) = W q + bias:
///
///     κ_m ← κ_m + exp(k_m),   w_j = Σ_m exp(a_m) exp(−exp(b_m) (κ_m − u_j)²),   u_j = j + origin.
///
/// Weights are not normalised. The state is κ, [B, H, 1, M].
///
/// *Source:* Graves 2013, *Generating Sequences with Recurrent Neural Networks*, eq. 46–51 (the paper's keys are numbered from 1).
public struct GaussianMixtureAttention: SequentialMechanism {
    /// [3M, Dq], the rows of a, then of b, then of k.
    public var weight: Parameter
    /// [3M].
    public var bias: Parameter
    /// The number of the first key.
    public let origin: Double

    /// A mechanism with these parameters.
    public init(weight: Tensor, bias: Tensor, origin: Double = 1) {
        self.weight = Parameter(weight)
        self.bias = Parameter(bias)
        self.origin = origin
    }

    public func remember(keys: Tensor, values: Tensor, lengths: [Int]?) throws(ShapeError) -> Memory {
        try AttentionMechanism().remember(keys: keys, values: values, lengths: lengths)
    }

    /// All κ at 0.
    public func start(_ memory: Memory) throws(ShapeError) -> Tensor {
        .zeros([memory.keyShape[0], memory.keyShape[1], 1, try mixtureSize()])
    }

    public func step(
        _ query: Tensor, _ memory: Memory, _ positions: inout Tensor, training key: RandomKey? = nil
    ) throws(ShapeError) -> Alignment {
        try memory.checkStep(query, "Gaussian mixture")
        let count = try mixtureSize()
        let parameters = try linear(query, weight: weight, bias: bias)  // [B, H, 1, 3M]
        let steps = try parameters.sliced(axis: 3, 2 * count..<3 * count).exponential()
        try require(
            positions.shape == steps.shape, "Gaussian mixture", expected: "positions \(steps.shape)",
            found: "\(positions.shape)")
        positions = positions + steps
        let shapes = try parameters.sliced(axis: 3, 0..<2 * count)
        return try memory.read(try window(shapes, positions, memory))
    }

    /// What queries [B, H, Q, Dq] read one after the other, and κ after each of them, [B, H, Q, M].
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func trace(
        _ query: Tensor, _ memory: Memory, from first: Tensor? = nil
    ) throws(ShapeError) -> (alignment: Alignment, positions: Tensor) {
        try require(
            query.shape.rank == 4, "Gaussian mixture", expected: "queries [B, H, Q, D]", found: "\(query.shape)")
        var state = if let first { first } else { try start(memory) }
        var (weights, positions): ([Tensor], [Tensor]) = ([], [])
        for index in 0..<query.shape[2] {
            let query = try query.sliced(axis: 2, index..<index + 1)
            weights.append(try step(query, memory, &state).weights)
            positions.append(state)
        }
        let leading = Array(memory.stepShape.dimensions.prefix(2))
        return (
            try memory.read(try joinedSteps(weights, leading, size: memory.keyCount)),
            try joinedSteps(positions, leading, size: state.shape[-1])
        )
    }

    private func mixtureSize() throws(ShapeError) -> Int {
        try require(
            weight.shape.rank == 2 && weight.shape[0] % 3 == 0, "Gaussian mixture", expected: "a weight [3M, Dq]",
            found: "\(weight.shape)")
        return weight.shape[0] / 3
    }

    /// [a; b] and κ → w, [B, H, 1, K].
    private func window(_ shapes: Tensor, _ positions: Tensor, _ memory: Memory) throws(ShapeError) -> Tensor {
        let origin = origin
        return try Tensor.joiningRows([shapes, positions], size: memory.keyCount, lengths: memory.lengths) {
            rows, count in
            (0..<count).map { key in
                Gaussian.all(rows, at: Double(key) + origin).reduce(0) { $0 + $1.value }
            }
        } pullback: { gradient, rows, count in
            let size = rows[1].count
            var (dShapes, dPositions) = ([Double](repeating: 0, count: 2 * size), [Double](repeating: 0, count: size))
            for (key, slope) in gradient.enumerated() {
                for (index, gaussian) in Gaussian.all(rows, at: Double(key) + origin).enumerated() {
                    dShapes[index] += slope * gaussian.value
                    dShapes[size + index] -= slope * gaussian.value * gaussian.exponent
                    dPositions[index] -= 2 * slope * gaussian.value * gaussian.precision * gaussian.distance
                }
            }
            return [dShapes, dPositions]
        }
    }

    /// `weight` and `bias`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try weight.visit(&visitor, path / "weight")
        try bias.visit(&visitor, path / "bias")
    }
}

extension GaussianMixtureAttention {
    /// A window of `count` Gaussians, its weight drawn uniformly (Glorot & Bengio 2010, eq. 16), its bias 0.
    public init(querySize: Int, count: Int, key: RandomKey) {
        self.init(weight: .glorot([3 * count, querySize], key: key), bias: .zeros([3 * count]))
    }
}

/// One Gaussian at one place.
private struct Gaussian {
    /// κ − u.
    let distance: Double
    /// exp(b), within what its square can bear.
    let precision: Double
    /// exp(b) (κ − u)².
    let exponent: Double
    /// exp(a − exponent).
    let value: Double

    init(height: Double, sharpness: Double, position: Double, place: Double) {
        distance = position - place
        precision = min(exp(sharpness), 1e100)
        exponent = min(precision * distance * distance, 1e100)
        value = exp(height - exponent)
    }

    /// All of a mixture, from the rows [a; b] and κ.
    static func all(_ rows: [[Double]], at place: Double) -> [Gaussian] {
        let size = rows[1].count
        return (0..<size).map {
            Gaussian(height: rows[0][$0], sharpness: rows[0][size + $0], position: rows[1][$0], place: place)
        }
    }
}

extension GaussianMixtureAttention {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "gaussian_mixture", "Gaussian mixture window", .sequential,
        formula: "κ_i = κ_i−1 + exp(k), w_ij = Σ_m exp(a_m) exp(−exp(b_m) (κ_m − u_j)²)",
        cost: "O(QKM) time",
        use: "Handwriting and speech synthesis: a window that only moves forward, whatever the keys say.",
        source: "Graves 2013, Generating Sequences with Recurrent Neural Networks, eq. 46-51",
        options: [.number("origin", default: 1)],
        example: Example(["origin": .number(0)]) { material in
            ["query": .real(material.states * 0.05), "value": .real(material.states)]
                + [
                    "initial_position": .real(Tensor.ones([1, 2]) * -1),
                    "weight": .real(material.parameter("weight", [6, material.size])), "bias": .real(.zeros([6])),
                ]
        }
    ) { request in
        let mechanism = GaussianMixtureAttention(
            weight: try request.tensor("weight"), bias: try request.tensor("bias"),
            origin: try request.options.number("origin"))
        let (query, values) = (try request.headless("query"), try request.headless("value"))
        let memory = try mechanism.remember(keys: values, values: values, lengths: try request.lengths("key_lengths"))
        let (reading, positions) = try mechanism.trace(query, memory, from: try request.stepState("initial_position"))
        return try .reading(reading, ["positions": positions])
    }

    /// How a decoder gets it.
    public static let sequential = SequentialDescriptor(
        descriptor,
        .drawn { settings, key in
            GaussianMixtureAttention(querySize: settings.querySize, count: settings.mixtureSize, key: key)
        })
}

public import AttentionMechanisms
public import AttentionTensors
internal import Glibc

/// Softmax attention estimated with random features: exp(q · k / √D) ≈ φ(q) · φ(k), in time linear in the length.
///
/// With x' = x D^(−1/4) and M rows w of `features`:
///
///     positive:       φ_r(x) = exp(w_r · x' − |x'|² / 2) / √M
///     trigonometric:  φ(x)   = exp(|x'|² / 2) / √M · [sin(w x'), cos(w x')]
///
/// *Source:* Choromanski et al. 2021, *Rethinking Attention with Performers*, sec. 2.3–2.4.
public struct Performer: DirectAttention {
    /// The functions that features are made with.
    public enum FeatureMap: Sendable, Hashable {
        /// Exponentials: never negative.
        case positive
        /// Exponentials with the largest exponent subtracted — of each query, and of all keys — and ε added, as in the authors' code.
        /// The subtracted exponents are constants to the gradient.
        case stabilized(epsilon: Double)
        /// Sines and cosines: unbiased, but of either sign.
        case trigonometric
    }

    /// w, [M, D], drawn from the standard normal distribution.
    public var features: Parameter
    /// How features are made of x' and w.
    public var map: FeatureMap
    /// Whether query i sees only keys j ≤ i.
    public var isCausal: Bool

    /// A performer with these random features [M, D].
    public init(features: Tensor, map: FeatureMap = .positive, isCausal: Bool = false) {
        self.features = Parameter(features, role: .buffer)
        self.map = map
        self.isCausal = isCausal
    }

    /// - Complexity: O((Q + K) M (D + Dv)).
    public func attend(_ query: Tensor, _ memory: Memory) throws(ShapeError) -> Tensor {
        _ = try memory.groupSize(for: query, "performer")
        try require(
            features.shape.rank == 2 && features.shape[0] > 0 && features.shape[1] == query.shape[3], "performer",
            expected: "random features [M, \(query.shape[3])]", found: "\(features.shape)")
        let memory = try memory.blankingPadding()
        let queryFeatures = try map(query) { (projection) throws(ShapeError) in try projection.topOfRows() }
        let keyFeatures = try map(memory.keys) { (projection) throws(ShapeError) in
            try projection.topOfItems(lengths: memory.lengths)
        }
        return try kernelAttention(queryFeatures, keys: keyFeatures, memory, isCausal: isCausal)
    }

    /// `features`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try features.visit(&visitor, path / "features")
    }

    /// φ(x), [B, H, L, M or 2M].
    private func map(_ x: Tensor, topOf: (Projection) throws(ShapeError) -> Tensor) throws(ShapeError) -> Tensor {
        let scaled = x * pow(Float(max(1, x.shape[3])), -0.25)
        let projected = try linear(scaled, weight: features)
        let half = try (scaled * scaled).sum(axis: 3, keepingAxis: true) * 0.5
        let factor = 1 / Float(features.shape[0]).squareRoot()
        switch map {
        case .positive: return (projected - half).exponential() * factor
        case .stabilized(let epsilon):
            let top = try topOf(Projection(values: projected.detached()))
            return ((projected - half - top).exponential() + Float(epsilon)) * factor
        case .trigonometric:
            let sines = projected.mapped {
                sin($0)
            } derivative: { x, _ in
                cos(x)
            }
            let cosines = projected.mapped {
                cos($0)
            } derivative: { x, _ in
                -sin(x)
            }
            return try concatenated([sines, cosines], axis: 3) * (half.exponential() * factor)
        }
    }
}

/// w x' of all vectors, [B, H, L, M], outside the graph.
private struct Projection {
    let values: Tensor

    /// The largest of every row, [B, H, L, 1].
    func topOfRows() throws(ShapeError) -> Tensor { try values.maximum() }

    /// The largest of all rows within the lengths, [B, H, 1, 1].
    func topOfItems(lengths: [Int]?) throws(ShapeError) -> Tensor {
        let (batch, heads, rows, size) = (values.shape[0], values.shape[1], values.shape[2], values.shape[3])
        let visible = lengths.map { lengths in
            Mask.first(lengths.map { $0 * size }, of: rows * size, shape: [batch, 1, 1, rows * size])
        }
        return try values.reshaped(to: [batch, heads, 1, rows * size]).maximum(visible: visible)
    }
}

extension Performer {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "performer", "Performer (FAVOR+)", .efficient,
        formula:
            "exp(q·k / √D) ≈ φ(q)·φ(k);  φ_r(x) = exp(w_r·x' − |x'|²/2) / √M, or exp(|x'|²/2) [sin, cos](w x') / √M;  "
            + "x' = x D^(−1/4)",
        cost: "time O((Q + K) M D), memory O(M D)",
        use: "An unbiased estimate of softmax attention in linear time; more features M make it sharper.",
        source: "Choromanski et al. 2021, Rethinking Attention with Performers, sec. 2.3–2.4",
        options: [
            .choice("stabilizer", StabilizerName.self, default: StabilizerName.none),
            .number("epsilon", .from(0), default: 1e-4),
            .choice("features", FeatureName.self, default: .positive), .truth("causal", default: false),
        ],
        example: Example(["features": .text("positive")], draws: "output") {
            try $0.headedWithUnitValues() + ["features": .real(.normal([64, $0.size], key: RandomKey(seed: 5)))]
        }
    ) { request in
        let mechanism = Performer(
            features: try request.tensor("features"), map: try featureMap(request.options),
            isCausal: try request.options.truth("causal"))
        return ["output": .real(try mechanism.attend(request.tensor("query"), request.keyValueMemory()))]
    }

    private static func featureMap(_ options: Options) throws -> Performer.FeatureMap {
        let stabilizer: StabilizerName = try options.choice("stabilizer")
        let epsilon = try options.number("epsilon")
        return switch (try options.choice("features") as FeatureName, stabilizer) {
        case (.trigonometric, _): .trigonometric
        case (.positive, StabilizerName.none): .positive
        case (.positive, .authors): .stabilized(epsilon: epsilon)
        }
    }

    /// The functions that features are made with.
    private enum FeatureName: String, CaseIterable { case positive, trigonometric }

    /// What keeps their exponentials small.
    private enum StabilizerName: String, CaseIterable { case none, authors }
}

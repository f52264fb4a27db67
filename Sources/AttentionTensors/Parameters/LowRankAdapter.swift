/// What is added to a linear map that itself stays as it is: x ↦ scale · B A dropout(x), with A [r, I] and B [O, r] of a small rank r
/// (Hu et al. 2022, *LoRA: Low-Rank Adaptation of Large Language Models*, eq. 3). B begins as 0, and with it the sum.
public struct LowRankAdapter: Module {
    /// A, [r, I].
    public var down: Parameter
    /// B, [O, r].
    public var up: Parameter
    /// α / r.
    public let scale: Float
    /// The probability of dropping an element of x in training.
    public let dropout: Float

    /// An adapter with these parameters.
    /// - Throws: `ShapeError` unless they are [r, I] and [O, r].
    public init(down: Tensor, up: Tensor, scale: Float, dropout: Float = 0) throws(ShapeError) {
        guard down.shape.rank == 2, up.shape.rank == 2, down.shape[0] == up.shape[1] else {
            throw ShapeError(
                "LowRankAdapter", expected: "A [r, I] and B [O, r]", found: "\(down.shape) and \(up.shape)")
        }
        (self.down, self.up) = (Parameter(down), Parameter(up))
        (self.scale, self.dropout) = (scale, dropout)
    }

    /// An adapter of a weight [O, I] that changes nothing yet: A is drawn uniformly within ±1 / √I, as the reference draws it.
    /// - Precondition: the weight is a matrix, and the rank positive.
    public init(of weight: Shape, rank: Int, alpha: Float, dropout: Float = 0, key: RandomKey) {
        precondition(
            weight.rank == 2 && rank > 0,
            "LowRankAdapter: expected a weight [O, I] and a rank above 0, found \(weight) and \(rank)")
        let bound = 1 / Float(max(1, weight[1])).squareRoot()
        down = Parameter(.uniform([rank, weight[1]], in: -bound...bound, key: key))
        up = Parameter(.zeros([weight[0], rank]))
        (scale, self.dropout) = (alpha / Float(rank), dropout)
    }

    /// [..., I] → [..., O].
    /// - Throws: `ShapeError` if the last size is not I.
    public func callAsFunction(_ x: Tensor, training key: RandomKey? = nil) throws(ShapeError) -> Tensor {
        let kept = key.map { x.dropout(dropout, key: $0) } ?? x
        return try linear(try linear(kept, weight: down) * scale, weight: up)
    }

    /// What it comes to where nothing is dropped: scale · B A, [O, I].
    public var product: Tensor {
        get throws(ShapeError) { try matmul(up.tensor, down.tensor) * scale }
    }

    /// `down` and `up`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try down.visit(&visitor, path / "down")
        try up.visit(&visitor, path / "up")
    }
}

/// A linear map to whose weight an adapter can be added.
public protocol AdaptableMap: Module {
    /// W, [O, I].
    var weight: Parameter { get set }
    /// What is added to it; nil for nothing.
    var adapter: LowRankAdapter? { get set }
}

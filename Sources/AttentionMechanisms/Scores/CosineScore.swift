public import AttentionTensors

/// s_ij = scale · q_i · k_j / (max(|q_i|, ε) max(|k_j|, ε)): the cosine of the angle between query and key.
///
/// *Source:* Graves, Wayne & Danihelka 2014, *Neural Turing Machines*, eq. 6 (scale is the key strength β of eq. 5).
public struct CosineScore: Score {
    /// What the cosine is multiplied by.
    public let scale: Float
    /// ε, below which a length counts as ε.
    public let epsilon: Double

    /// q / max(|q|, ε).
    public func transform(query: Tensor) throws(ShapeError) -> Tensor { try query.unitRows(epsilon: epsilon) }

    /// k / max(|k|, ε).
    public func transform(keys: Tensor) throws(ShapeError) -> Tensor { try keys.unitRows(epsilon: epsilon) }

    public func compare(_ query: Tensor, _ keys: Tensor) throws(ShapeError) -> Tensor {
        try innerProducts(query, keys, scale: scale)
    }

    public func innerProductScale(size: Int) -> Float? { scale }
}

extension Tensor {
    /// y = x / max(|x|, ε) for every row x; dx = (dy − y (y · dy)) / |x|, or dy / ε where |x| ≤ ε.
    fileprivate func unitRows(epsilon: Double) throws(ShapeError) -> Tensor {
        try mappingRows { row in
            let length = max(euclideanLength(row), epsilon)
            for index in row.indices { row[index] /= length }
        } pullback: { gradient, row, units in
            let length = euclideanLength(row)
            let along = length > epsilon ? zip(units, gradient).reduce(0) { $0 + $1.0 * $1.1 } : 0
            for index in gradient.indices {
                gradient[index] = (gradient[index] - units[index] * along) / max(length, epsilon)
            }
        }
    }
}

private func euclideanLength(_ row: [Double]) -> Double { row.reduce(0) { $0 + $1 * $1 }.squareRoot() }

extension Score where Self == CosineScore {
    /// The cosine of the angle between query and key, times `scale`.
    public static func cosine(scale: Float = 1, epsilon: Double = 1e-8) -> CosineScore {
        CosineScore(scale: scale, epsilon: epsilon)
    }
}

extension CosineScore {
    /// What there is to know of it.
    public static let descriptor = ScoreDescriptor(
        "cosine", "Cosine", .score,
        formula: "s = scale · q · k / (max(|q|, ε) max(|k|, ε))", cost: "O(QKD)",
        use: "Addressing a memory by content, where the lengths of vectors should not matter.",
        source: "Graves, Wayne & Danihelka 2014, Neural Turing Machines, eq. 6",
        options: [.number("scale", default: 1), .number("epsilon", .from(0), default: 1e-8)],
        fresh: .plain(CosineScore.cosine()),
        example: PartExample(["scale": .number(8)])
    ) { request in
        CosineScore.cosine(
            scale: Float(try request.options.number("scale")), epsilon: try request.options.number("epsilon"))
    }
}

public import AttentionMechanisms
public import AttentionTensors
internal import Glibc

/// Tells positions apart by adding a vector to each.
public protocol PositionalEncoding: Module {
    /// How many positions there are; nil if there is no end.
    var count: Int? { get }
    /// x [B, L, M] plus the vectors of these positions.
    /// - Throws: `ShapeError` if there is no vector for a position.
    func callAsFunction(_ x: Tensor, positions: Positions) throws(ShapeError) -> Tensor
}

/// PE[p, 2i] = sin(p · base^(−2i/M)), PE[p, 2i+1] = cos(the same); an odd M drops the last cosine (Vaswani et al. 2017, sec. 3.5).
public struct SinusoidalPositions: PositionalEncoding {
    /// In which order the waves stand, and how their lengths are spaced; published models differ.
    public enum Layout: Sendable, Hashable {
        /// A sine and its cosine side by side, as in the paper.
        case interleaved
        /// All sines before all cosines, of the same lengths: Marian and Pegasus as transformers has them.
        case halves
        /// All sines before all cosines, the last of exactly base · 2π: exponents i / (M/2 − 1), as in tensor2tensor, Marian and fairseq.
        case closedHalves
    }

    /// The base of the wavelengths.
    public let base: Double
    /// Where each wave stands.
    public let layout: Layout

    /// Positions with wavelengths from 2π to base · 2π.
    public init(base: Double = 10000, layout: Layout = .interleaved) { (self.base, self.layout) = (base, layout) }

    public var count: Int? { nil }

    /// The vectors of positions 0 … count − 1, [count, size]; angles in double precision.
    /// - Throws: `ShapeError` if a number is negative or the table would have more than 2²⁸ numbers.
    public func table(count: Int, size: Int) throws(ShapeError) -> Tensor {
        try check(count, size)
        return try table(of: Positions.from(0).table("SinusoidalPositions", rowCount: 1, count: count), size: size)
            .squeezed(axis: 0)
    }

    private func check(_ count: Int, _ size: Int) throws(ShapeError) {
        let (product, overflow) = count.multipliedReportingOverflow(by: size)
        guard count >= 0, size >= 0, !overflow, product <= 1 << 28, base > 0, base.isFinite else {
            throw ShapeError(
                "SinusoidalPositions", expected: "a table of at most \(1 << 28) numbers and a base above 0",
                found: "\(count) positions of size \(size), base \(base)")
        }
    }

    /// [1 or B, L, size].
    private func table(of places: PositionTable, size: Int) throws(ShapeError) -> Tensor {
        try check(places.values.count, size)
        return Tensor(shape: [places.rowCount, places.count, size]) { out in
            for feature in 0..<size {
                let (isSine, frequency) = wave(feature, of: size)
                for (index, position) in places.values.enumerated() {
                    let angle = Double(position) * frequency
                    out[index * size + feature] = Float(isSine ? sin(angle) : cos(angle))
                }
            }
        }
    }

    /// What stands at a feature.
    private func wave(_ feature: Int, of size: Int) -> (isSine: Bool, frequency: Double) {
        let half = (size + 1) / 2
        let index = layout == .interleaved ? feature / 2 : feature % half
        let steps = layout == .closedHalves ? Double(max(1, half - 1)) : Double(size) / 2
        let isSine = layout == .interleaved ? feature % 2 == 0 : feature < half
        return (isSine, pow(base, -Double(index) / steps))
    }

    public func callAsFunction(_ x: Tensor, positions: Positions) throws(ShapeError) -> Tensor {
        x + (try table(of: try x.places(positions, "SinusoidalPositions"), size: x.shape[-1]))
    }

    /// There are none.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {}
}

/// A learned vector for each of a fixed number of positions (Gehring et al. 2017, sec. 3.1).
public struct LearnedPositions: PositionalEncoding {
    /// [positions, M].
    public var weight: Parameter

    /// Vectors for `count` positions, drawn from the normal distribution with deviation 0.02 (Devlin et al. 2019).
    public init(_ count: Int, _ size: Int, key: RandomKey) {
        weight = Parameter(.normal([count, size], deviation: 0.02, key: key))
    }

    public var count: Int? { weight.shape[0] }

    public func callAsFunction(_ x: Tensor, positions: Positions) throws(ShapeError) -> Tensor {
        let places = try x.places(positions, "LearnedPositions")
        if let outside = places.values.first(where: { !(0..<weight.shape[0]).contains($0) }) {
            throw ShapeError(
                "LearnedPositions", expected: "at most \(weight.shape[0]) positions",
                found: outside < 0 ? "position \(outside)" : "\((places.values.max() ?? 0) + 1)",
                wayOut: "shorten the sequence")
        }
        if places.rowCount == 1, let first = positions.shared {
            return x + (try weight.tensor.sliced(axis: 0, first..<first + places.count))
        }
        return x + (try weight.rows(places.values, shape: [places.rowCount, places.count]))
    }

    /// `weight`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try weight.visit(&visitor, path / "weight")
    }
}

/// Adds nothing: positions are told apart elsewhere, or not at all.
public struct NoPositions: PositionalEncoding {
    /// The encoding that leaves vectors as they are.
    public init() {}

    public var count: Int? { nil }

    public func callAsFunction(_ x: Tensor, positions: Positions) -> Tensor { x }

    /// There are none.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {}
}

extension Tensor {
    /// Where the vectors of [B, L, M] stand.
    /// - Throws: `ShapeError` in the name of `operation` if that is not their shape, or the positions are for others.
    fileprivate func places(_ positions: Positions, _ operation: String) throws(ShapeError) -> PositionTable {
        guard shape.rank == 3 else { throw ShapeError(operation, expected: "vectors [B, L, M]", found: "\(shape)") }
        return try positions.table(operation, rowCount: shape[0], count: shape[1])
    }
}

extension SinusoidalPositions {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "sinusoidal_positions", "Sinusoidal positions", .heads,
        formula: "PE[p, 2i] = sin(p · base^(−2i / dim)), PE[p, 2i + 1] = cos(the same)",
        cost: "O(length · dim)",
        use: "Tells positions apart without parameters, also beyond the lengths seen in training.",
        source: "Vaswani et al. 2017, sec. 3.5",
        options: [.integer("length"), .integer("dim"), .number("base", default: 10_000)],
        example: Example(["length": .number(24), "dim": .number(16)], draws: "output") { _ in [:] }
    ) { request in
        let (length, size) = (try request.options.integer("length"), try request.options.integer("dim"))
        let positions = SinusoidalPositions(base: try request.options.number("base"))
        return ["output": .real(try positions.table(count: length, size: size))]
    }
}

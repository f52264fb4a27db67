public import AttentionTensors
internal import Glibc

/// Tells positions apart by adding a vector to each.
public protocol PositionalEncoding: Module {
    /// x [B, L, M] plus the vectors of positions offset … offset + L − 1.
    /// - Throws: `ShapeError` if there is no vector for a position.
    func callAsFunction(_ x: Tensor, offset: Int) throws(ShapeError) -> Tensor
}

/// PE[p, 2i] = sin(p · base^(−2i/M)), PE[p, 2i+1] = cos(the same); an odd M drops the last cosine (Vaswani et al. 2017, sec. 3.5).
public struct SinusoidalPositions: PositionalEncoding {
    /// The base of the wavelengths.
    public let base: Double

    /// Positions with wavelengths from 2π to base · 2π.
    public init(base: Double = 10000) { self.base = base }

    /// The vectors of positions offset … offset + count − 1, [count, size]; angles in double precision.
    /// - Throws: `ShapeError` if a number is negative or the table would have more than 2²⁸ numbers.
    public func table(count: Int, size: Int, offset: Int = 0) throws(ShapeError) -> Tensor {
        let (product, overflow) = count.multipliedReportingOverflow(by: size)
        guard count >= 0, size >= 0, (0...1 << 40).contains(offset), !overflow, product <= 1 << 28, base > 0,
            base.isFinite
        else {
            throw ShapeError(
                "SinusoidalPositions", expected: "a table of at most \(1 << 28) numbers and a base above 0",
                found: "\(count) positions from \(offset) on of size \(size), base \(base)")
        }
        var values = [Float](repeating: 0, count: count * size)
        for feature in 0..<size {
            let frequency = pow(base, -Double(feature / 2 * 2) / Double(size))
            for position in 0..<count {
                let angle = Double(position + offset) * frequency
                values[position * size + feature] = Float(feature % 2 == 0 ? sin(angle) : cos(angle))
            }
        }
        return Tensor(shape: [count, size]) { out in
            for (index, value) in values.enumerated() { out[index] = value }
        }
    }

    public func callAsFunction(_ x: Tensor, offset: Int) throws(ShapeError) -> Tensor {
        x + (try table(count: x.shape[-2], size: x.shape[-1], offset: offset))
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

    public func callAsFunction(_ x: Tensor, offset: Int) throws(ShapeError) -> Tensor {
        let length = x.shape[-2]
        guard offset + length <= weight.shape[0] else {
            throw ShapeError(
                "LearnedPositions", expected: "at most \(weight.shape[0]) positions", found: "\(offset + length)",
                wayOut: "shorten the sequence")
        }
        return x + (try weight.tensor.sliced(axis: 0, offset..<offset + length))
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

    public func callAsFunction(_ x: Tensor, offset: Int) -> Tensor { x }

    /// There are none.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {}
}

/// The kinds of positional encoding, as configurations name them: vectors that are added once, or modifiers of every self-attention.
public enum PositionalEncodingKind: String, Sendable, Codable, CaseIterable {
    /// Fixed waves; see `SinusoidalPositions`.
    case sinusoidal
    /// A learned vector for each; see `LearnedPositions`.
    case learned
    /// Queries and keys turned by their positions; see `RotaryModifier`.
    case rope
    /// Scores lowered by distance; see `AlibiModifier`.
    case alibi
    /// A learned bias per head and bucket of distances; see `T5BiasModifier`.
    case t5
    /// Only as far as a causal decoder tells them.
    case none
}

/// Which positions of the rows of a batch [B, L] are real; the others are padding.
public enum Presence: Sendable, Hashable {
    /// All of them.
    case all
    /// The first of each row, as many as are said: padding behind.
    case first([Int])
    /// Those that a mask [B, L] admits: padding before, or holes.
    case only(Mask)

    /// The real positions of a mask [B, L], said as briefly as can be: kernels need no matrix for padding behind a row.
    /// - Throws: `ShapeError` unless the mask has two axes.
    public init(_ mask: Mask) throws(ShapeError) {
        guard mask.shape.rank == 2 else {
            throw ShapeError("Presence", expected: "a mask [B, L]", found: "\(mask.shape)")
        }
        let (rowCount, length) = (mask.shape[0], mask.shape[1])
        let lengths = (0..<rowCount).map { row in
            mask.bytes[row * length..<(row + 1) * length].reduce(0) { $0 + Int($1) }
        }
        let isPrefix = lengths.enumerated().allSatisfy { row, count in
            mask.bytes[row * length..<row * length + count].allSatisfy { $0 == 1 }
        }
        if !isPrefix {
            self = .only(mask)
        } else {
            self = lengths.allSatisfy { $0 == length } ? .all : .first(lengths)
        }
    }

    /// As a mask of a batch of this shape; nil if all are real.
    /// - Throws: `ShapeError` if it is for another batch.
    public func mask(rowCount: Int, length: Int) throws(ShapeError) -> Mask? {
        switch self {
        case .all: return nil
        case .first(let lengths):
            guard lengths.count == rowCount, lengths.allSatisfy({ (0...length).contains($0) }) else {
                throw ShapeError(
                    "Presence", expected: "\(rowCount) lengths of at most \(length)", found: "\(lengths)")
            }
            return Mask(
                shape: [rowCount, length],
                bytes: lengths.flatMap { real in (0..<length).map { $0 < real ? 1 : 0 } })
        case .only(let mask):
            guard mask.shape == [rowCount, length] else {
                throw ShapeError("Presence", expected: "a mask [\(rowCount), \(length)]", found: "\(mask.shape)")
            }
            return mask
        }
    }
}

extension Tensor {
    /// [B, L, …] with zeros where nothing real stands.
    /// - Throws: `ShapeError` if the presence is of another batch.
    package func clearing(besides presence: Presence) throws(ShapeError) -> Tensor {
        if case .first(let lengths) = presence { return try clearingPadding(lengths) }
        guard shape.rank >= 2, let mask = try presence.mask(rowCount: shape[0], length: shape[1]) else { return self }
        let factors = Tensor(shape: Shape([shape[0], shape[1]] + [Int](repeating: 1, count: shape.rank - 2))) { out in
            for (index, byte) in mask.bytes.enumerated() { out[index] = Float(byte) }
        }
        return self * factors
    }
}

import AttentionMechanisms
import AttentionTensors

/// What an edge of an operator's graph carries.
enum GraphValue: Sendable {
    /// Numbers, part of the computation's graph.
    case real(Tensor)
    /// Integers: shapes, indices, positions.
    case integers(IntegerTensor)
    /// Truth values.
    case truths(Mask)

    var shape: Shape {
        switch self {
        case .real(let tensor): tensor.shape
        case .integers(let integers): integers.shape
        case .truths(let mask): mask.shape
        }
    }

    /// What it carries, for errors.
    var kind: String {
        switch self {
        case .real: "numbers"
        case .integers: "integers"
        case .truths: "truth values"
        }
    }

    /// Integers made of whatever this is; real numbers lose their fraction.
    var asIntegers: IntegerTensor {
        switch self {
        case .integers(let integers): integers
        case .truths(let mask): IntegerTensor(values: mask.bytes.map(Int.init), shape: mask.shape)
        case .real(let tensor):
            IntegerTensor(
                values: tensor.values.map { Int(exactly: $0.rounded(.towardZero)) ?? ($0 < 0 ? .min : .max) },
                shape: tensor.shape)
        }
    }

    /// Numbers made of whatever this is.
    var asReal: Tensor {
        func tensor(_ values: some Collection<Float>, _ shape: Shape) -> Tensor {
            Tensor(shape: shape) { out in for (index, value) in values.enumerated() { out[index] = value } }
        }
        return switch self {
        case .real(let tensor): tensor
        case .integers(let integers): tensor(integers.values.map(Float.init), integers.shape)
        case .truths(let mask): tensor(mask.bytes.map(Float.init), mask.shape)
        }
    }

    /// Truth values made of whatever this is: all but 0 are true.
    var asTruths: Mask {
        switch self {
        case .truths(let mask): mask
        case .integers(let integers): Mask(shape: integers.shape, bytes: integers.values.map { $0 == 0 ? 0 : 1 })
        case .real(let tensor): Mask(shape: tensor.shape, bytes: tensor.values.map { $0 == 0 ? 0 : 1 })
        }
    }
}

extension IntegerTensor {
    /// These integers repeated along axes of size 1 (and new leading ones) to fill `target`.
    func expanded(to target: Shape) throws(ShapeError) -> [Int] {
        guard shape != target else { return values }
        guard shape.broadcast(with: target) == target else {
            throw ShapeError("expanded", expected: "a shape that \(shape) can fill", found: "\(target)")
        }
        return target.positions(of: shape).map { values[$0] }
    }
}

extension Shape {
    /// For each element of this shape, row-major, where it stands in a row-major tensor of a shape that is repeated to this one.
    func positions(of source: Shape) -> [Int] {
        var (steps, step) = ([Int](repeating: 0, count: rank), 1)
        for back in stride(from: 1, through: source.rank, by: 1) {
            steps[rank - back] = source[-back] == 1 ? 0 : step
            step *= source[-back]
        }
        var positions = [0]
        for axis in 0..<rank {
            positions = positions.flatMap { start in (0..<dimensions[axis]).map { start + $0 * steps[axis] } }
        }
        return positions
    }
}

import AttentionMechanisms
import AttentionTensors

extension GraphNode {
    /// Functions that make shapes and positions, or give a tensor another shape.
    static let shapeFunctions: [String: Function] = [
        "Shape": { arguments in
            let sizes = try arguments[0].shape.dimensions
            func bound(_ name: String, _ standard: Int) throws -> Int {
                let given = try arguments.integer(name, default: standard)
                return min(max(given < 0 ? given &+ sizes.count : given, 0), sizes.count)
            }
            let (start, end) = (try bound("start", 0), try bound("end", sizes.count))
            return .vector(Array(sizes[start..<max(start, end)]))
        },
        "Size": { .scalar(try $0[0].shape.elementCount) },
        "Constant": { arguments in
            if let table = try arguments.attributes.table("value") { return try GraphValue(constant: table) }
            if let integer = try arguments.attributes.integer(ifGiven: "value_int") { return .scalar(integer) }
            if let integers = try arguments.attributes.integers(ifGiven: "value_ints") { return .vector(integers) }
            return .real(Tensor(Float(try arguments.attributes.number("value_float"))))
        },
        "ConstantOfShape": { arguments in
            let shape = try Shape(nonnegative: try arguments.integers(0), in: "ConstantOfShape")
            let value = try arguments.attributes.table("value").map(GraphValue.init(constant:)) ?? .real(Tensor(0))
            return try filled(value, shape)
        },
        "Range": { try range($0) },
        "Reshape": { arguments in
            let value = try arguments[0]
            let allowsZero = try arguments.attributes.truth(ifGiven: "allowzero") ?? false
            let sizes = try arguments.integers(1).enumerated().map { axis, size in
                size == 0 && !allowsZero && axis < value.shape.rank ? value.shape[axis] : size
            }
            return try value.reshaped(to: sizes)
        },
        "Unsqueeze": { arguments in
            let value = try arguments[0]
            let axes = try axes(arguments)
            let rank = value.shape.rank + axes.count
            let inserted = Set(try axes.map { try arguments.normalized($0, of: rank) })
            var sizes = value.shape.dimensions[...]
            return try value.reshaped(to: (0..<rank).map { inserted.contains($0) ? 1 : sizes.popFirst() ?? 1 })
        },
        "Squeeze": { arguments in
            let value = try arguments[0]
            let named = try axes(arguments).map { try arguments.normalized($0, of: value.shape.rank) }
            let ones = value.shape.dimensions.indices.filter { value.shape[$0] == 1 }
            let dropped = Set(named.isEmpty ? ones : named)
            return try value.reshaped(
                to: value.shape.dimensions.enumerated().filter { !dropped.contains($0.offset) }.map(\.element))
        },
        "Expand": { arguments in
            let value = try arguments[0]
            let given = try Shape(nonnegative: try arguments.integers(1), in: "Expand")
            let shape = try Shape(nonnegative: try common("Expand", value.shape, given).dimensions, in: "Expand")
            return try filled(value, shape)
        },
        "Transpose": { arguments in
            let tensor = try arguments[0]
            let axes = Array((0..<tensor.shape.rank).reversed())
            let order = try arguments.attributes.integers(ifGiven: "perm") ?? axes
            guard order.sorted() == axes.reversed() else {
                throw RequestError.unfitOption("perm of Transpose", expected: "each axis once", found: "\(order)")
            }
            return tensor.permuted(order)
        },
        "Gather": { arguments in
            let value = try arguments[0]
            let axis = try arguments.axis(of: value.shape, default: 0)
            guard case .integers(let indices) = try arguments[1] else {
                throw RequestError.unfitOption(
                    "indices of Gather", expected: "integers", found: try arguments[1].kind)
            }
            return try value.gathered(indices, axis: axis)
        },
        "Slice": { try slice($0) },
        "Concat": { arguments in
            let values = try (0..<max(arguments.count, 1)).map { try arguments[$0] }
            let axis = try arguments.axis(of: values[0].shape)
            if values.allSatisfy({ if case .integers = $0 { $0.shape.rank == 1 } else { false } }) {
                return .vector(values.flatMap(\.asIntegers.values))
            }
            return .real(try concatenated(values.map(\.asReal), axis: axis))
        },
        "Trilu": { arguments in
            let value = try arguments[0]
            let isUpper = try arguments.attributes.truth(ifGiven: "upper") ?? true
            let diagonal = arguments[ifPresent: 1]?.asIntegers.values.first ?? 0
            guard value.shape.rank >= 2 else {
                throw ShapeError("Trilu", expected: "at least two axes", found: "\(value.shape)")
            }
            let (rows, columns) = (value.shape[-2], value.shape[-1])
            let kept = (0..<value.shape.elementCount).map { index in
                let (i, j) = (index / columns % rows, index % columns)
                return isUpper ? j - i >= diagonal : j - i <= diagonal
            }
            return value.keeping(kept)
        },
    ]

    /// The axes of an input, or of the attribute of older operator sets.
    private static func axes(_ arguments: GraphArguments) throws -> [Int] {
        if arguments[ifPresent: 1] != nil { return try arguments.integers(1) }
        return try arguments.attributes.integers(ifGiven: "axes") ?? []
    }

    private static func filled(_ value: GraphValue, _ shape: Shape) throws -> GraphValue {
        guard value.shape.broadcast(with: shape) == shape || value.shape.elementCount == 1 else {
            throw ShapeError("Expand", expected: "a shape that \(value.shape) can fill", found: "\(shape)")
        }
        switch value {
        case .real(let tensor):
            return .real(try (tensor.shape.elementCount == 1 ? tensor.reshaped(to: []) : tensor).expanded(to: shape))
        default:
            return value.taking(shape.positions(of: value.shape.elementCount == 1 ? [] : value.shape), shape: shape)
        }
    }

    /// start, start + delta, … before limit.
    private static func range(_ arguments: GraphArguments) throws -> GraphValue {
        let bounds = try (0..<3).map { try arguments[$0] }
        guard bounds.allSatisfy({ $0.shape.elementCount == 1 }) else {
            throw ShapeError("Range", expected: "three scalars", found: "\(bounds.map(\.shape))")
        }
        let numbers = bounds.map { Double($0.asReal.values[0]) }
        let count = ((numbers[1] - numbers[0]) / numbers[2]).rounded(.up)
        guard numbers[2] != 0, count.isFinite, count <= 0x1p28 else {
            throw RequestError.unfitOption(
                "inputs of Range", expected: "a finite number of steps", found: "\(numbers)")
        }
        let steps = 0..<max(0, Int(count))
        if bounds.allSatisfy({ if case .integers = $0 { true } else { false } }) {
            let (start, delta) = (bounds[0].asIntegers.values[0], bounds[2].asIntegers.values[0])
            return .vector(steps.map { start &+ $0 &* delta })
        }
        return .real(
            try Tensor(steps.map { Float(numbers[0] + Double($0) * numbers[2]) }, shape: [steps.count]))
    }

    private static func slice(_ arguments: GraphArguments) throws -> GraphValue {
        var value = try arguments[0]
        let (starts, ends) = (try arguments.integers(1), try arguments.integers(2))
        let axes = arguments[ifPresent: 3] == nil ? Array(starts.indices) : try arguments.integers(3)
        let steps = arguments[ifPresent: 4] == nil ? starts.map { _ in 1 } : try arguments.integers(4)
        guard starts.count == ends.count, axes.count == starts.count, steps.count == starts.count, !steps.contains(0)
        else {
            throw RequestError.unfitOption(
                "inputs of Slice", expected: "as many starts, ends, axes and steps, none of them 0",
                found: "\(starts), \(ends), \(axes), \(steps)")
        }
        for (index, given) in axes.enumerated() {
            let axis = try arguments.normalized(given, of: value.shape.rank)
            let size = value.shape[axis]
            func bound(_ position: Int, _ range: ClosedRange<Int>) -> Int {
                min(max(position < 0 ? position &+ size : position, range.lowerBound), range.upperBound)
            }
            let positions: [Int]
            if steps[index] > 0 {
                positions = Array(
                    stride(from: bound(starts[index], 0...size), to: bound(ends[index], 0...size), by: steps[index]))
            } else {
                let end = ends[index] < -size ? -1 : bound(ends[index], -1...size)
                positions =
                    size == 0
                    ? [] : Array(stride(from: bound(starts[index], 0...size - 1), to: end, by: steps[index]))
            }
            value = try value.gathered(IntegerTensor(values: positions, shape: [positions.count]), axis: axis)
        }
        return value
    }
}

extension GraphValue {
    /// A vector of integers.
    static func vector(_ values: [Int]) -> GraphValue {
        .integers(IntegerTensor(values: values, shape: [values.count]))
    }

    /// A single integer.
    static func scalar(_ value: Int) -> GraphValue { .integers(IntegerTensor(values: [value], shape: [])) }

    /// The same elements under another shape; one size may be −1.
    func reshaped(to sizes: [Int]) throws(ShapeError) -> GraphValue {
        switch self {
        case .real(let tensor): return .real(try tensor.reshaped(to: sizes))
        case .integers(let integers):
            let shape = try asReal.reshaped(to: sizes).shape
            return .integers(IntegerTensor(values: integers.values, shape: shape))
        case .truths(let mask):
            return .truths(Mask(shape: try asReal.reshaped(to: sizes).shape, bytes: mask.bytes))
        }
    }

    /// The elements at these row-major positions.
    func taking(_ positions: [Int], shape: Shape) -> GraphValue {
        switch self {
        case .real(let tensor): .real(tensor.taking(positions, shape: shape))
        case .integers(let integers):
            .integers(IntegerTensor(values: positions.map { integers.values[$0] }, shape: shape))
        case .truths(let mask): .truths(Mask(shape: shape, bytes: positions.map { mask.bytes[$0] }))
        }
    }

    /// Axis `i` of the result is axis `order[i]` of this.
    fileprivate func permuted(_ order: [Int]) -> GraphValue {
        if case .real(let tensor) = self { return .real(tensor.permuted(order)) }
        let steps = shape.dimensions.indices.map { axis in shape.dimensions[(axis + 1)...].reduce(1, *) }
        let positions = order.reduce([0]) { starts, axis in
            starts.flatMap { start in (0..<shape[axis]).map { start + $0 * steps[axis] } }
        }
        return taking(positions, shape: Shape(order.map { shape[$0] }))
    }

    /// The sub-tensors along an axis that `indices` name, negative ones from the end.
    func gathered(_ indices: IntegerTensor, axis: Int) throws(ShapeError) -> GraphValue {
        let (sizes, size) = (shape.dimensions, shape[axis])
        if let wrong = indices.values.first(where: { !(-size..<size).contains($0) }) {
            throw ShapeError("Gather", expected: "indices of \(size) entries", found: "\(wrong)")
        }
        let inner = sizes[(axis + 1)...].reduce(1, *)
        let outer = sizes[..<axis].reduce(1, *)
        let positions = (0..<outer).flatMap { block in
            indices.values.flatMap { index in
                let start = (block * size + (index < 0 ? index + size : index)) * inner
                return start..<start + inner
            }
        }
        return taking(positions, shape: Shape(sizes[..<axis] + indices.shape.dimensions + sizes[(axis + 1)...]))
    }

    /// The elements where `kept` is true; 0 elsewhere.
    fileprivate func keeping(_ kept: [Bool]) -> GraphValue {
        switch self {
        case .real(let tensor):
            .real(
                tensor
                    * Tensor(shape: tensor.shape) { out in
                        for (index, isKept) in kept.enumerated() { out[index] = isKept ? 1 : 0 }
                    })
        case .integers(let integers):
            .integers(IntegerTensor(values: zip(integers.values, kept).map { $1 ? $0 : 0 }, shape: integers.shape))
        case .truths(let mask): .truths(Mask(shape: mask.shape, bytes: zip(mask.bytes, kept).map { $1 ? $0 : 0 }))
        }
    }
}

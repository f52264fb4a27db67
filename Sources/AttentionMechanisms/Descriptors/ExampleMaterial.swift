public import AttentionTensors

/// What examples are made of: the words of a sentence with a vector for each, and arbitrary parameters and images.
public struct ExampleMaterial: Sendable {
    /// L words.
    public let words: [String]
    /// A vector for each word, [1, L, M].
    public let states: Tensor

    /// A sentence with the states [1, L, M] of its words.
    /// - Throws: `ShapeError` unless there is one state a word, and M a multiple of 8.
    public init(words: [String], states: Tensor) throws(ShapeError) {
        guard states.shape.rank == 3, states.shape[0] == 1, states.shape[1] == words.count, states.shape[2] % 8 == 0
        else {
            throw ShapeError(
                "ExampleMaterial", expected: "states [1, \(words.count), M] with M a multiple of 8",
                found: "\(states.shape)")
        }
        (self.words, self.states) = (words, states)
    }

    /// L.
    package var length: Int { words.count }
    /// M.
    package var size: Int { states.shape[2] }

    /// The states cut into `count` heads, [1, count, L, M / count]; 1, 2, 4 or 8.
    package func heads(_ count: Int = 1) throws(ShapeError) -> Tensor {
        try states.reshaped(to: [1, length, count, size / count]).permuted([0, 2, 1, 3])
    }

    /// Queries, keys and values [1, L, M]: the words look at each other.
    package var sequence: Outputs { ["query": .real(states), "key": .real(states), "value": .real(states)] }

    /// Queries, keys and values [1, count, L, M / count].
    package func headed(_ count: Int = 1) throws(ShapeError) -> Outputs {
        let heads = try heads(count)
        return ["query": .real(heads), "key": .real(heads), "value": .real(heads)]
    }

    /// Queries and keys in heads, with values that make a mechanism's weights its output, [1, count, L, L]: one unit vector a word.
    package func headedWithUnitValues(_ count: Int = 1) throws(ShapeError) -> Outputs {
        let unit = try unitRows().unsqueezed(axis: 0).expanded(to: [1, count, length, length])
        let heads = try heads(count)
        return ["query": .real(heads), "key": .real(heads), "value": .real(unit)]
    }

    /// One unit vector a word, [1, L, L].
    package func unitRows() throws(ShapeError) -> Tensor {
        try Tensor(
            (0..<length * length).map { $0 / length == $0 % length ? 1 : 0 }, shape: [1, length, length])
    }

    /// How well every word matches every other, q · k / √M, [1, L, L].
    package func energies() throws(ShapeError) -> Tensor {
        try matmul(states, states.transposed()) * (1 / Float(size).squareRoot())
    }

    /// An arbitrary image [1, channels, 6, 6].
    package func image(_ channels: Int = 8) -> Tensor { parameter("image", [1, channels, 6, 6]) * 2.5 }

    /// Parameters drawn from a normal distribution whose deviation keeps sums over the last axis of the size of their terms; other for every
    /// name, always the same for one.
    package func parameter(_ name: String, _ shape: Shape) -> Tensor {
        let seed = name.utf8.reduce(14_695_981_039_346_656_037 as UInt64) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
        let fanIn = shape.rank > 1 ? shape[-1] : 1
        return Tensor.normal(shape, key: RandomKey(seed: seed)) * (1 / Float(max(1, fanIn)).squareRoot())
    }

    /// Parameters of these names and shapes.
    package func parameters(_ shapes: [String: Shape]) -> Outputs {
        shapes.reduce(into: [:]) { $0[$1.key] = .real(parameter($1.key, $1.value)) }
    }
}

extension ExampleMaterial {
    /// The network of an additive score with 16 hidden units.
    package var network: Outputs {
        parameters(["weight_query": [16, size], "weight_key": [16, size], "vector": [16]])
    }

    /// `NAME.weight` [output, input] and `NAME.bias` [output] for each of these maps.
    package func maps(_ names: [String], _ output: Int, _ input: Int) -> Outputs {
        names.reduce(into: [:]) { all, name in
            all["\(name).weight"] = .real(parameter("\(name).weight", [output, input]))
            all["\(name).bias"] = .real(.zeros([output]))
        }
    }

    /// All on the first word, [1, L].
    package func firstPlace() throws(ShapeError) -> Tensor {
        try Tensor((0..<length).map { $0 == 0 ? 1 : 0 }, shape: [1, length])
    }

    /// A chessboard whose first field may be seen.
    package func everyOther(_ shape: Shape) throws(ShapeError) -> Mask {
        let columns = shape[-1]
        return try Mask(
            (0..<shape.elementCount).map { ($0 / columns + $0 % columns) % 2 == 0 || $0 % columns == 0 }, shape: shape)
    }
}

extension Outputs {
    /// These tensors and others.
    package static func + (first: Outputs, second: Outputs) -> Outputs { first.merging(second) { $1 } }
}

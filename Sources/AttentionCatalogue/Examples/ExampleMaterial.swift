public import AttentionTensors

/// What examples are made of: the words of a sentence with a vector for each, and arbitrary parameters.
public struct ExampleMaterial: Sendable {
    /// L words.
    public let words: [String]
    /// A vector for each word, [1, L, M].
    public let states: Tensor

    /// A sentence with the states [1, L, M] of its words.
    /// - Throws: `ShapeError` unless there is one state a word.
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
    var length: Int { words.count }
    /// M.
    var size: Int { states.shape[2] }

    /// The states cut into `count` heads, [1, count, L, M / count]; 1, 2, 4 or 8.
    func heads(_ count: Int = 1) throws(ShapeError) -> Tensor {
        try states.reshaped(to: [1, length, count, size / count]).permuted([0, 2, 1, 3])
    }

    /// Values that make a mechanism's weights its output, [1, count, L, L]: one unit vector a word.
    func unitValues(heads count: Int = 1) throws(ShapeError) -> Tensor {
        let unit = (0..<length * length).map { Float($0 / length == $0 % length ? 1 : 0) }
        return try Tensor(unit, shape: [1, 1, length, length]).expanded(to: [1, count, length, length])
    }

    /// Parameters drawn from a normal distribution whose deviation keeps sums over the last axis of the size of their terms; other for every name,
    /// always the same for one.
    func parameter(_ name: String, _ shape: Shape) -> Tensor {
        let seed = name.utf8.reduce(UInt64(14_695_981_039_346_656_037)) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
        let fanIn = shape.rank > 1 ? shape[-1] : 1
        return Tensor.normal(shape, key: RandomKey(seed: seed)) * (1 / Float(max(1, fanIn)).squareRoot())
    }
}

public import AttentionTensors

extension MultiHeadAttention: PrunableModule {
    public static var part: PrunablePart { .heads }

    /// The heads of keys and values; each goes with the heads of queries that it serves.
    public var partCount: Int { keyHeadCount }

    public var mixing: Parameter {
        get { output.weight }
        set { output.weight = newValue }
    }

    public func keeping(_ heads: [Int]) throws(ShapeError) -> MultiHeadAttention {
        try MultiHeadAttention(
            query: try query.keeping(heads, of: keyHeadCount), key: try key.keeping(heads, of: keyHeadCount),
            value: try value.keeping(heads, of: keyHeadCount), output: try output.reading(heads, of: keyHeadCount),
            mechanism: mechanism, headCount: headCount / keyHeadCount * heads.count, keyHeadCount: heads.count)
    }
}

extension FeedForward: PrunableModule {
    public static var part: PrunablePart { .hiddenUnits }

    public var partCount: Int { down.weight.shape[1] }

    public var mixing: Parameter {
        get { down.weight }
        set { down.weight = newValue }
    }

    public func keeping(_ units: [Int]) throws(ShapeError) -> FeedForward {
        let count = partCount
        return FeedForward(
            up: try up.keeping(units, of: count),
            gate: try gate.map { (gate) throws(ShapeError) in try gate.keeping(units, of: count) },
            down: try down.reading(units, of: count), activation: activation, dropout: dropout)
    }
}

extension Linear {
    /// The map that gives these of `count` equal parts of what this one gives.
    fileprivate func keeping(_ parts: [Int], of count: Int) throws(ShapeError) -> Linear {
        let rows = try Self.places(of: parts, among: count, size: weight.shape[0])
        var copy = self
        copy.weight = try weight.selecting(rows)
        if let bias { copy.bias = try bias.selecting(rows) }
        return copy
    }

    /// The map that reads these of `count` equal parts of what this one reads.
    fileprivate func reading(_ parts: [Int], of count: Int) throws(ShapeError) -> Linear {
        let columns = try Self.places(of: parts, among: count, size: weight.shape[1])
        var copy = self
        copy.weight = weight.replacing(
            with: try weight.tensor.transposed().selecting(columns).transposed().contiguous())
        return copy
    }

    private static func places(of parts: [Int], among count: Int, size: Int) throws(ShapeError) -> [Int] {
        guard !parts.isEmpty, parts.allSatisfy((0..<count).contains) else {
            throw ShapeError("keeping", expected: "at least one of \(count) parts", found: "\(parts)")
        }
        let width = size / count
        return parts.flatMap { part in part * width..<(part + 1) * width }
    }
}

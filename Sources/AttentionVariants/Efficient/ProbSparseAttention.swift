public import AttentionMechanisms
public import AttentionTensors

/// Softmax attention for the few queries whose attention is far from uniform; all others read the mean of the values.
///
/// How far is estimated from a few sampled keys each, max_u q·k_u − Σ_u q·k_u / K (scores unscaled); the `activeCount` queries with the
/// largest measure attend, the first of equals. The choice has no gradient.
///
/// *Source:* Zhou et al. 2021, *Informer: Beyond Efficient Transformer for Long Sequence Time-Series Forecasting*, sec. 3.2, algorithm 1.
public struct ProbSparseAttention: DirectAttention {
    /// Which keys each query is measured with, [Q, U] row-major, the same for all heads and items.
    public var samples: [[Int]]
    /// How many queries of each head attend.
    public var activeCount: Int

    /// Attention of this many queries, measured with these samples.
    public init(samples: [[Int]], activeCount: Int) {
        self.samples = samples
        self.activeCount = activeCount
    }

    /// - Complexity: O(Q U D + activeCount · K (D + Dv)).
    public func attend(_ query: Tensor, _ memory: Memory) throws(ShapeError) -> Tensor {
        try attend(query, memory, active: try activeQueries(query, memory))
    }

    /// Which queries attend, [B, H, Q].
    /// - Throws: `ShapeError` if the shapes do not fit, a sample is no key, or fewer queries are there than are to attend.
    public func activeQueries(_ query: Tensor, _ memory: Memory) throws(ShapeError) -> Mask {
        let group = try memory.groupSize(for: query, "probSparse")
        try memory.requireNoPadding("probSparse")
        let (queries, count) = (query.shape[2], memory.keyCount)
        try require(
            samples.count == queries
                && samples.allSatisfy { !$0.isEmpty && $0.allSatisfy { $0 >= 0 && $0 < count } },
            "probSparse", expected: "samples of \(count) keys for \(queries) queries", found: "\(samples.prefix(4))")
        try require(
            (0...queries).contains(activeCount), "probSparse", expected: "0 to \(queries) active queries",
            found: "\(activeCount)")
        var bytes = [UInt8](repeating: 0, count: query.shape[0] * query.shape[1] * queries)
        query.withElements { q in
            memory.keys.withElements { k in
                for unit in 0..<query.shape[0] * query.shape[1] {
                    let measures = measures(
                        q + unit * queries * query.shape[3], k + unit / group * count * query.shape[3],
                        count: count, size: query.shape[3])
                    let order = (0..<queries).sorted {
                        measures[$0] != measures[$1] ? measures[$0] > measures[$1] : $0 < $1
                    }
                    for i in order.prefix(activeCount) { bytes[unit * queries + i] = 1 }
                }
            }
        }
        return Mask(shape: Shape(Array(query.shape.dimensions.prefix(3))), bytes: bytes)
    }

    /// What the queries read when these are active, as many of each head as `activeCount`.
    package func attend(_ query: Tensor, _ memory: Memory, active: Mask) throws(ShapeError) -> Tensor {
        let group = try memory.groupSize(for: query, "probSparse")
        let (units, queries, size) = (query.shape[0] * query.shape[1], query.shape[2], query.shape[3])
        let valueSize = memory.valueShape[3]
        let shape = Array(query.shape.dimensions.prefix(2))
        guard memory.keyCount > 0 else { return .zeros(Shape(shape + [queries, valueSize])) }
        let chosen = active.bytes.indices.filter { active.bytes[$0] != 0 }
        let (keys, values) = (try memory.keys.repeatingHeads(group), try memory.values.repeatingHeads(group))
        let few = try query.reshaped(to: [units * queries, size]).rows(chosen, shape: Shape(shape + [activeCount]))
        let weights = try matmul(few * query.inverseRootSize, keys.transposed()).softmax()
        let contexts = try matmul(weights, values).reshaped(to: [units * activeCount, valueSize])
        let means = try values.mean(axis: 2).reshaped(to: [units, valueSize])
        var sources = (0..<units * queries).map { units * activeCount + $0 / queries }
        for (index, row) in chosen.enumerated() { sources[row] = index }
        return try concatenated([contexts, means], axis: 0).rows(sources, shape: Shape(shape + [queries]))
    }

    /// max_u q·k_u − Σ_u q·k_u / K of every query.
    private func measures(
        _ query: UnsafePointer<Float>, _ keys: UnsafePointer<Float>, count: Int, size: Int
    ) -> [Double] {
        samples.enumerated().map { i, sample in
            let scores = sample.map { j in
                (0..<size).reduce(0) { $0 + Double(query[i * size + $1]) * Double(keys[j * size + $1]) }
            }
            return (scores.max() ?? 0) - scores.reduce(0, +) / Double(count)
        }
    }
}

extension ProbSparseAttention {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "prob_sparse", "ProbSparse attention", .efficient,
        formula:
            "measure_i = max_u q_i·k_u − Σ_u q_i·k_u / K over samples u;  the largest attend, the rest read mean(v)",
        cost: "time O(Q U D + active · K D), memory O(active · K)",
        use: "Long series in which few positions look somewhere in particular.",
        source: "Zhou et al. 2021, Informer, sec. 3.2 and algorithm 1",
        options: [.integer("active", .size)],
        example: Example(["active": .number(4)], draws: "output") { material in
            let samples = (0..<material.length).flatMap { i in (0..<4).map { (i + 3 * $0) % material.length } }
            return try material.headedWithUnitValues()
                + ["samples": .integers(samples, shape: [material.length, 4])]
        }
    ) { request in
        let samples = try request.integers("samples")
        guard samples.shape.rank == 2 else {
            throw RequestError.unfitTensor("samples", expected: "key numbers [Q, U]", found: "\(samples.shape)")
        }
        let (rows, columns) = (samples.shape[0], samples.shape[1])
        let mechanism = ProbSparseAttention(
            samples: (0..<rows).map { Array(samples.values[$0 * columns..<($0 + 1) * columns]) },
            activeCount: min(try request.options.integer("active"), rows))
        let (query, memory) = (try request.tensor("query"), try request.keyValueMemory())
        let active = try mechanism.activeQueries(query, memory)
        let context = try mechanism.attend(query, memory, active: active)
        return ["output": .real(context), "active": .truths(active)]
    }
}

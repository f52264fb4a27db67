public import AttentionMechanisms
public import AttentionTensors

/// Softmax attention by way of m landmarks, the means q̃, k̃ of m segments of equal length:
///
///     softmax(q k̃ᵀ) · softmax(q̃ k̃ᵀ)⁺ · softmax(q̃ kᵀ) v,   all scores divided by √D
///
/// *Source:* Xiong et al. 2021, *Nyströmformer: A Nyström-Based Algorithm for Approximating Self-Attention*, sec. 3.2, eq. 13.
public struct NystromAttention: DirectAttention {
    /// How the weights between landmarks are inverted.
    public enum Inverse: Sendable, Hashable {
        /// The Moore–Penrose inverse, in double precision.
        case exact
        /// This many steps of Z ← Z/4 (13 I − A Z (15 I − A Z (7 I − A Z))) from Z = Aᵀ / (|A|₁ |A|∞), at most 1000.
        case iterative(Int)
    }

    /// m, the number of landmarks; it divides both lengths.
    public var landmarkCount: Int
    /// How the weights between landmarks are inverted.
    public var inverse: Inverse

    /// Attention by way of this many landmarks.
    public init(landmarkCount: Int, inverse: Inverse = .iterative(6)) {
        self.landmarkCount = landmarkCount
        self.inverse = inverse
    }

    /// - Complexity: O((Q + K) m D + m³).
    public func attend(_ query: Tensor, _ memory: Memory) throws(ShapeError) -> Tensor {
        let group = try memory.groupSize(for: query, "nystrom")
        try memory.requireNoPadding("nystrom")
        try require(
            landmarkCount >= 1 && query.shape[2] % landmarkCount == 0 && memory.keyCount % landmarkCount == 0,
            "nystrom",
            expected: "a number of landmarks that divides \(query.shape[2]) queries and "
                + "\(memory.keyCount) keys", found: "\(landmarkCount)")
        guard query.shape[2] > 0, memory.keyCount > 0 else {
            return .zeros(Shape(query.shape.dimensions.prefix(3) + [memory.valueShape[3]]))
        }
        let (keys, values) = (try memory.keys.repeatingHeads(group), try memory.values.repeatingHeads(group))
        let scaled = query * query.inverseRootSize
        let (queryMeans, keyMeans) = (try scaled.segmentMeans(landmarkCount), try keys.segmentMeans(landmarkCount))
        let toLandmarks = try matmul(scaled, keyMeans.transposed()).softmax()  // [B, H, Q, m]
        let between = try matmul(queryMeans, keyMeans.transposed()).softmax()  // [B, H, m, m]
        let fromLandmarks = try matmul(queryMeans, keys.transposed()).softmax()  // [B, H, m, K]
        return try matmul(
            try matmul(toLandmarks, try inverted(between)), try matmul(fromLandmarks, values))
    }

    private func inverted(_ matrices: Tensor) throws(ShapeError) -> Tensor {
        switch inverse {
        case .exact: return try pseudoInverse(matrices)
        case .iterative(let steps):
            try require((0...1000).contains(steps), "nystrom", expected: "0 to 1000 iterations", found: "\(steps)")
            let identity = Tensor.identity(landmarkCount)
            var estimate = scaledTranspose(matrices)
            for _ in 0..<steps {
                let product = try matmul(matrices, estimate)
                let inner = try matmul(product, identity * 7 - product)
                let outer = try matmul(product, identity * 15 - inner)
                estimate = try matmul(estimate * 0.25, identity * 13 - outer)
            }
            return estimate
        }
    }
}

extension Tensor {
    /// [B, H, L, D] → [B, H, count, D]: the means of segments of equal length.
    fileprivate func segmentMeans(_ count: Int) throws(ShapeError) -> Tensor {
        try reshaped(to: [shape[0], shape[1], count, shape[2] / count, shape[3]]).mean(axis: 3)
    }

    /// Ones on the diagonal.
    fileprivate static func identity(_ size: Int) -> Tensor {
        Tensor(shape: [size, size]) { out in
            for index in 0..<size * size { out[index] = index % (size + 1) == 0 ? 1 : 0 }
        }
    }
}

extension NystromAttention {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "nystrom", "Nyström attention", .efficient,
        formula: "out = softmax(q k̃ᵀ) Z softmax(q̃ kᵀ) v;  q̃, k̃ segment means;  Z = softmax(q̃ k̃ᵀ)⁺, exact or iterated",
        cost: "time O((Q + K) m D + m³), memory O((Q + K) m)",
        use: "Approximates softmax attention by way of m landmarks; with as many landmarks as tokens it is exact.",
        source: "Xiong et al. 2021, Nyströmformer, sec. 3.2, eq. 13",
        options: [
            .integer("iterations", default: 6), .choice("inverse", InverseName.self, default: .iterative),
            .integer("landmarks"),
        ],
        example: Example(["landmarks": .number(4), "inverse": .text("exact")], draws: "output") { material in
            // A multiple of the landmarks; fewer words than these come again.
            let count = max(4, material.length - material.length % 4)
            let rows = (0..<count).map { $0 % material.length }
            let heads = try material.states.at(0).selecting(rows).reshaped(to: [1, 1, count, material.size])
            let unit = try Tensor(
                (0..<count * count).map { $0 / count == $0 % count ? 1 : 0 }, shape: [1, 1, count, count])
            return ["query": .real(heads), "key": .real(heads), "value": .real(unit)]
        }
    ) { request in
        let iterations = try request.options.integer("iterations")
        let inverse: NystromAttention.Inverse =
            switch try request.options.choice("inverse") as InverseName {
            case .exact: .exact
            case .iterative: .iterative(iterations)
            }
        let mechanism = NystromAttention(
            landmarkCount: try request.options.integer("landmarks"), inverse: inverse)
        return ["output": .real(try mechanism.attend(request.tensor("query"), request.keyValueMemory()))]
    }

    /// How the weights between landmarks are inverted.
    private enum InverseName: String, CaseIterable { case exact, iterative }
}

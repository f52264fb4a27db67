public import AttentionMechanisms
internal import AttentionTensors

/// What every normalizer promises, checked for scores [2, 3, 4, 5] under a mask that leaves one row empty.
public struct NormalizerLaws {
    private let normalizer: any Normalizer
    private let scores = Tensor.uniform(Self.shape, in: -2...2, key: RandomKey(seed: 4))

    private static let shape: Shape = [2, 3, 4, 5]

    /// Item 0 sees all keys but (query 1, key 2); item 1 only keys 0 and 2, and its query 3 none.
    private let mask: Mask = {
        func admits(_ item: Int, _ query: Int, _ key: Int) -> Bool {
            item == 0 ? (query, key) != (1, 2) : query != 3 && (key == 0 || key == 2)
        }
        return Mask(shape: [2, 1, 4, 5], bytes: (0..<40).map { admits($0 / 20, $0 / 5 % 4, $0 % 5) ? 1 : 0 })
    }()

    /// The laws of this normalizer.
    public init(_ normalizer: any Normalizer) { self.normalizer = normalizer }

    /// All laws. A normalizer whose rows need not sum to 1, or one that is not differentiable by design, is checked law by law.
    /// - Throws: `LawViolation` or `GradientCheckFailure`: the first that is broken.
    public func checkAll() throws {
        try checkWeights()
        try checkSums()
        try checkForbiddenScoresDoNotLeak()
        try checkRepeatedMasks()
        try checkGradients()
    }

    /// Weights are finite and at least 0, and their gradients finite, however large the scores are; forbidden pairs and empty rows have weight
    /// 0 and gradient 0.
    public func checkWeights() throws {
        for scores in [scores, scores * 5e3, scores + 1e4, scores - 1e4] {
            let leaf = scores.tracked()
            let weights = try normalizer.normalize(leaf, visible: mask)
            try require(weights.shape == Self.shape, "weights have their scores' shape", found: "\(weights.shape)")
            let upstream = Tensor.uniform(Self.shape, in: -1...1, key: RandomKey(seed: 5))
            guard let gradient = weights.gradients(upstream: upstream)[leaf] else {
                throw LawViolation("weights have a gradient by their scores", found: "none")
            }
            let visible = try mask.expanded(to: Self.shape).bytes
            for (index, (weight, slope)) in zip(weights.values, gradient.values).enumerated() {
                try require(
                    weight >= 0 && weight.isFinite && slope.isFinite,
                    "weights are finite and at least 0 and their gradients finite", found: "\(weight) and \(slope)")
                try require(
                    visible[index] != 0 || (weight == 0 && slope == 0), "forbidden pairs have weight 0 and gradient 0",
                    found: "\(weight) and \(slope)")
            }
        }
    }

    /// Rows with a visible key sum to 1.
    public func checkSums() throws {
        let sums = try normalizer.normalize(scores, visible: mask).sum(axis: -1).values
        for (row, sum) in sums.enumerated() where !(row >= 12 && row % 4 == 3) {
            try require(abs(sum - 1) < 1e-5, "rows with a visible key sum to 1", found: "\(sum)")
        }
    }

    /// What stands at forbidden pairs changes nothing, be it infinite.
    public func checkForbiddenScoresDoNotLeak() throws {
        let visible = try mask.expanded(to: Self.shape).bytes
        let spoilt = scores.values.enumerated().map { index, value in
            visible[index] != 0 ? value : [.infinity, -.infinity, .nan][index % 3]
        }
        let found = try normalizer.normalize(Tensor(spoilt, shape: Self.shape), visible: mask).values
        let expected = try normalizer.normalize(scores, visible: mask).values
        try require(found == expected, "scores of forbidden pairs change nothing", found: "other weights")
    }

    /// A mask that is repeated along queries, or one of rank 1, is the same as the full one.
    public func checkRepeatedMasks() throws {
        let row = [true, false, true, true, false]
        let full = try Mask((0..<120).map { row[$0 % 5] }, shape: Self.shape)
        let expected = try normalizer.normalize(scores, visible: full).values
        for shape: Shape in [[5], [1, 5], [1, 1, 1, 5]] {
            let found = try normalizer.normalize(scores, visible: try Mask(row, shape: shape)).values
            try require(found == expected, "a mask \(shape) means what it means repeated", found: "other weights")
        }
        try requireClose(
            try normalizer.normalize(scores, visible: nil),
            try normalizer.normalize(scores, visible: try Mask([true], shape: [1])), tolerance: 1e-5,
            "no mask is the mask that admits all")
    }

    /// The derivatives by scores and all parameters are right.
    public func checkGradients() throws {
        let inputs = [scores] + normalizer.parameters().map(\.parameter.tensor)
        // Sparse normalizers have kinks where a key's weight reaches 0.
        try AttentionTesting.checkGradients(of: inputs, largestStep: 0x1p-8, samples: 120) { inputs in
            try normalizer.with(parameters: inputs.dropFirst()).normalize(inputs[0], visible: mask)
        }
    }
}

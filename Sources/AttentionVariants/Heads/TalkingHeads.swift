public import AttentionMechanisms
public import AttentionTensors

/// Heads that exchange what they found, before and after softmax: logits′_g = Σ_h P_l[g, h] logits_h, weights′_f = Σ_g P_w[f, g] softmax(logits′)_g.
///
/// There may be different numbers of heads at each stage: H compare, G share attention, F read.
///
/// *Source:* Shazeer et al. 2020, *Talking-Heads Attention*, sec. 3.
public struct TalkingHeads: Module {
    /// P_l, [G, H].
    public var logitsWeight: Parameter
    /// P_w, [F, G].
    public var weightsWeight: Parameter
    /// Where a query may look; excluded after the logits have been mixed.
    public var scope: any Scope

    /// Heads mixed by these weights.
    public init(logitsWeight: Tensor, weightsWeight: Tensor, scope: some Scope = .global) {
        self.logitsWeight = Parameter(logitsWeight)
        self.weightsWeight = Parameter(weightsWeight)
        self.scope = scope
    }

    /// What queries [B, H, Q, D] read from keys [B, H, K, D] and values [B, F, K, Dv]: the context [B, F, Q, Dv], and the weights [B, F, Q, K]
    /// that it was read with, whose rows need not sum to 1.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func align(
        _ query: Tensor, keys: Tensor, values: Tensor, lengths: [Int]? = nil, positions: Positions = .from(0)
    ) throws(ShapeError) -> (context: Tensor, weights: Tensor) {
        let memory = try Memory(preparedKeys: keys, values: keys, lengths: lengths)
        let (headCount, keyCount) = (keys.shape[1], keys.shape[2])
        guard query.shape.rank == 4, query.shape[0] == keys.shape[0], query.shape[1] == headCount else {
            throw ShapeError(
                "talkingHeads", expected: "queries [\(keys.shape[0]), \(headCount), Q, D] for keys \(keys.shape)",
                found: "\(query.shape)")
        }
        let logits = try ScaledDotScore.scaledDot.compare(query, keys).mixingHeads(logitsWeight.tensor)
        let visible = try scope.region(query: query, memory: memory, positions: positions)
            .mask(queryCount: query.shape[2], keyCount: keyCount, lengths: memory.lengths)
        let weights = try logits.softmax(visible: visible).mixingHeads(weightsWeight.tensor)
        guard values.shape.rank == 4, values.shape.dimensions.prefix(3) == [keys.shape[0], weights.shape[1], keyCount]
        else {
            throw ShapeError(
                "talkingHeads", expected: "values [\(keys.shape[0]), \(weights.shape[1]), \(keyCount), Dv]",
                found: "\(values.shape)")
        }
        return (try weightedSums(weights, of: values), weights)
    }

    /// `weight_logits` and `weight_weights`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try logitsWeight.visit(&visitor, path / "weight_logits")
        try weightsWeight.visit(&visitor, path / "weight_weights")
    }
}

extension Tensor {
    /// Σ_h weight_gh x_h over the head axis: [B, H, Q, K] → [B, G, Q, K] for a weight [G, H].
    fileprivate func mixingHeads(_ weight: Tensor) throws(ShapeError) -> Tensor {
        guard weight.shape.rank == 2, weight.shape[1] == shape[1] else {
            throw ShapeError("talkingHeads", expected: "a weight [G, \(shape[1])]", found: "\(weight.shape)")
        }
        let (batch, rows, columns) = (shape[0], shape[2], shape[3])
        return try matmul(weight, try reshaped(to: [batch, shape[1], rows * columns]))
            .reshaped(to: [batch, weight.shape[0], rows, columns])
    }
}

extension TalkingHeads {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "talking_heads", "Talking-heads attention", .heads,
        formula: "logits′ = P_l logits over the heads, weights = P_w softmax(logits′), output_f = weights_f v_f",
        cost: "O(Q K (H D + G H + F G)) time, O(max(H, G, F) Q K) memory",
        use: "When heads should agree before and after they share out attention; costs fused kernels.",
        source: "Shazeer et al. 2020, Talking-Heads Attention, sec. 3",
        options: [.truth("causal", default: false)],
        example: Example {
            try $0.headed(2) + $0.parameters(["weight_logits": [2, 2], "weight_weights": [2, 2]])
        }
    ) { request in
        let heads = TalkingHeads(
            logitsWeight: try request.tensor("weight_logits"), weightsWeight: try request.tensor("weight_weights"),
            scope: try request.causalScope())
        let (context, weights) = try heads.align(
            request.tensor("query"), keys: request.tensor("key"), values: request.tensor("value"))
        return ["output": .real(context), "weights": .real(weights)]
    }
}

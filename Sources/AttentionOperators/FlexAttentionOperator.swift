import AttentionMechanisms
import AttentionTensors

/// ONNX's FlexAttention: scaled dot products of grouped heads, with small graphs that change the scores and the weights.
///
/// A score of −∞ keeps its pair apart. A query that may see nothing reads zeros.
///
/// *Source:* ONNX 1.23, *Operator schemas*, ai.onnx.preview FlexAttention; He et al. 2024, *FlexAttention*.
enum FlexAttentionOperator {
    /// `Y`.
    static func compute(_ request: Request) throws -> Outputs {
        let operation = try OperatorRequest(request, attributes)
        let (query, keys, values) = (try operation.tensor("Q"), try operation.tensor("K"), try operation.tensor("V"))
        let type = try operation.realType(of: "Q")
        try check(query.shape, keys.shape, values.shape)
        let precision = try operation.precision("softmax_precision") ?? (type == .float64 ? .float64 : .float32)

        let group = query.shape[1] / keys.shape[1]
        let size = Double(max(query.shape[3], 1))
        let scale = try operation.attributes.number(ifGiven: "scale") ?? 1 / size.squareRoot()
        let root = Tensor(Float(scale).squareRoot()).roundedStraightThrough(to: type).scalar
        let scaledKeys = try (keys * root).roundedStraightThrough(to: type).repeatingHeads(group)
        var scores = try pairwiseProducts((query * root).roundedStraightThrough(to: type), scaledKeys, scale: 1)
            .roundedStraightThrough(to: type).roundedStraightThrough(to: precision)
        scores = try modified(scores, by: "score_mod", operation, precision)

        let visible = try Mask(scores.values.map { $0 != -.infinity }, shape: scores.shape)
        var weights = try scores.softmax(visible: visible, in: precision)
        weights = try modified(weights, by: "prob_mod", operation, precision)
        let context = try weightedSums(weights, of: values.repeatingHeads(group)).roundedStraightThrough(to: precision)
        let valueType = try operation.realType(of: "V")
        return ["Y": .rounded(context.roundedStraightThrough(to: valueType), to: valueType)]
    }

    private static func modified(
        _ x: Tensor, by attribute: String, _ operation: OperatorRequest, _ precision: ElementType
    ) throws -> Tensor {
        guard let options = try operation.attributes.table(attribute) else { return x }
        let changed = try OperatorGraph(options, name: attribute).run(on: x, precision: precision)
        guard changed.shape == x.shape else {
            throw ShapeError(attribute, expected: "an output \(x.shape), as its input", found: "\(changed.shape)")
        }
        return changed
    }

    private static func check(_ query: Shape, _ keys: Shape, _ values: Shape) throws(ShapeError) {
        guard [query, keys, values].allSatisfy({ $0.rank == 4 }),
            keys.dimensions.dropLast() == values.dimensions.dropLast(), keys[0] == query[0], keys[3] == query[3],
            keys[1] > 0, query[1] % keys[1] == 0
        else {
            throw ShapeError(
                "onnx.FlexAttention", expected: "Q [B, n · H, Q, D], K [B, H, K, D] and V [B, H, K, Dv]",
                found: "\(query), \(keys) and \(values)")
        }
    }
}

extension FlexAttentionOperator {
    /// Its attributes.
    private static let attributes: [OptionDescriptor] = [
        .number("scale", .from(0), else: "1 / √D"), .integer("softmax_precision", else: "float32 at least"),
        .table("score_mod", GraphNode.graphOptions, else: "none"),
        .table("prob_mod", GraphNode.graphOptions, else: "none"),
    ]

    /// What there is to know of it.
    static let descriptor = MechanismDescriptor(
        "onnx.FlexAttention", "ONNX FlexAttention", .operators, formula: "prob_mod(softmax(score_mod(√s Q (√s K)ᵀ))) V",
        cost: "O(BHQKD)",
        use: "Attention whose scores or weights a small graph changes.",
        source: "ONNX 1.23, ai.onnx.preview", options: OperatorRequest.options(opset: 1, attributes), compute: compute)
}

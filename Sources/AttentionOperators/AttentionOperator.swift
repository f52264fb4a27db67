import AttentionCatalogue
import AttentionTensors

/// ONNX's Attention, operator sets 23 to 25: scaled dot products of grouped heads, a soft cap, masks, windows and a cache, with every step
/// rounded to the type of its inputs.
///
/// *Source:* ONNX 1.23, *Operator schemas*, Attention.
struct AttentionOperator {
    private let operation: OperatorRequest
    private let query: Tensor
    private let keys: Tensor
    private let values: Tensor
    private let isPacked: Bool
    private let types: (query: ElementType, values: ElementType)
    private let mask: OperatorMask

    /// `Y`, `present_key`, `present_value` and `qk_matmul_output`.
    static func compute(_ request: Request) throws -> Outputs {
        try AttentionOperator(OperatorRequest(request, opset: 25)).outputs()
    }

    private init(_ operation: OperatorRequest) throws {
        self.operation = operation
        types = (try operation.realType(of: "Q"), try operation.realType(of: "V"))
        let heads = try OperatorHeads(operation)
        query = try heads.split(operation.tensor("Q"), "q_num_heads")
        var (keys, values) = (
            try heads.split(operation.tensor("K"), "kv_num_heads"),
            try heads.split(operation.tensor("V"), "kv_num_heads")
        )
        isPacked = heads.isPacked
        let past = try operation.tensor(ifPresent: "past_key")
        if let past {
            keys = try concatenated([past, keys], axis: 2)
            values = try concatenated([operation.tensor("past_value"), values], axis: 2)
        } else if operation.request.contains("past_value") {
            throw CatalogueError.missingTensor(
                "past_key", mechanism: operation.request.mechanism, source: "the inputs, beside past_value")
        }
        guard keys.shape.dimensions.dropLast() == values.shape.dimensions.dropLast(), keys.shape[0] == query.shape[0],
            keys.shape[3] == query.shape[3], keys.shape[1] > 0, query.shape[1] % keys.shape[1] == 0
        else {
            throw ShapeError(
                "onnx.Attention", expected: "Q [B, n · H, Q, D], K [B, H, K, D] and V [B, H, K, Dv]",
                found: "\(query.shape), \(keys.shape) and \(values.shape)")
        }
        (self.keys, self.values) = (keys, values)
        mask = try OperatorMask(operation, query: query.shape, keyCount: keys.shape[2], past: past?.shape[2])
    }

    private func outputs() throws -> Outputs {
        let mode = try operation.attributes.integer("qk_matmul_output_mode", default: 0)
        guard (0...3).contains(mode) else {
            throw CatalogueError.unfitOption("qk_matmul_output_mode", expected: "0, 1, 2 or 3", found: "\(mode)")
        }
        let cap = Float(try operation.attributes.number("softcap", default: 0))
        let scores = try scores()
        let capped = capped(scores, cap)
        let biased =
            try mask.bias.map { try capped.tensor.adding($0).roundedStraightThrough(to: biasedType(capped.type)) }
            ?? capped.tensor
        let precision = try operation.precision("softmax_precision") ?? biasedType(capped.type)
        let weights = try biased.roundedStraightThrough(to: precision).softmax(visible: mask.visible, in: precision)
            .roundedStraightThrough(to: types.query)
        let group = query.shape[1] / keys.shape[1]
        let context = try weightedSums(weights, of: values.repeatingHeads(group)).roundedStraightThrough(
            to: types.query)
        let seen = mode == 2 ? try biased.forbidding(mask.visible) : [scores, capped.tensor, biased, weights][mode]
        return [
            "Y": .rounded(isPacked ? try context.mergingHeads() : context, to: types.query),
            "present_key": .rounded(keys, to: types.query), "present_value": .rounded(values, to: types.values),
            "qk_matmul_output": .rounded(seen.roundedStraightThrough(to: types.query), to: types.query),
        ]
    }

    /// (√scale Q) (√scale K)ᵀ, which cannot overflow where Q Kᵀ would.
    private func scores() throws -> Tensor {
        let size = Double(max(query.shape[3], 1))
        let scale = try operation.attributes.number("scale", default: 1 / size.squareRoot(), from: 0)
        let root = Tensor(Float(scale.squareRoot())).roundedStraightThrough(to: types.query).scalar
        let scaled = (query * root).roundedStraightThrough(to: types.query)
        let group = query.shape[1] / keys.shape[1]
        let scaledKeys = try (keys * root).roundedStraightThrough(to: types.query).repeatingHeads(group)
        return try pairwiseProducts(scaled, scaledKeys, scale: 1).roundedStraightThrough(to: types.query)
    }

    /// cap · tanh(s / cap), if there is a cap. bfloat16 becomes float32 on the way, as in ONNX's reference.
    private func capped(_ scores: Tensor, _ cap: Float) -> (tensor: Tensor, type: ElementType) {
        guard cap > 0 else { return (scores, types.query) }
        let type: ElementType = types.query == .bfloat16 ? .float32 : types.query
        let bounded = (scores / cap).roundedStraightThrough(to: type).hyperbolicTangent().roundedStraightThrough(
            to: type)
        return ((bounded * cap).roundedStraightThrough(to: type), type)
    }

    private func biasedType(_ type: ElementType) -> ElementType { mask.biasType.map(type.promoted) ?? type }
}

import AttentionMechanisms
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
        try AttentionOperator(OperatorRequest(request, attributes)).outputs()
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
            throw RequestError.missingTensor(
                "past_key", mechanism: operation.request.name, source: "the inputs, beside past_value")
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
        let mode = try operation.attributes.integer("qk_matmul_output_mode")
        guard (0...3).contains(mode) else {
            throw RequestError.unfitOption("qk_matmul_output_mode", expected: "0, 1, 2 or 3", found: "\(mode)")
        }
        let cap = Float(try operation.attributes.number("softcap"))
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
        let scale = try operation.attributes.number(ifGiven: "scale") ?? 1 / size.squareRoot()
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

extension AttentionOperator {
    /// Its attributes.
    private static let attributes: [OptionDescriptor] = [
        .truth("is_causal", default: false), .integer("left_window_size", .from(-1), default: -1),
        .integer("right_window_size", .from(-1), default: -1),
        .integer("q_num_heads", .from(1), else: "the axis of heads"),
        .integer("kv_num_heads", .from(1), else: "the axis of heads"), .integer("qk_matmul_output_mode", default: 0),
        .number("softcap", default: 0), .number("scale", .from(0), else: "1 / √D"),
        .integer("softmax_precision", else: "that of the inputs"),
    ]

    /// What there is to know of it.
    static let descriptor = MechanismDescriptor(
        "onnx.Attention", "ONNX Attention", .operators,
        formula: "softmax(cap(√s Q (√s K)ᵀ) + mask) V, in the inputs' precision", cost: "O(BHQKD)",
        use: "Checking runtimes: operator sets 23 to 25, with caches, windows and all masks.",
        source: "ONNX 1.23, operator schemas", options: OperatorRequest.options(opset: 23, attributes), compute: compute
    )
}

import AttentionMechanisms
import AttentionTensors
import AttentionVariants

/// ONNX's LinearAttention: a recurrence over one matrix per key head, its heads packed into the last axis.
///
/// *Source:* ONNX, *Operator schemas*, LinearAttention.
enum LinearAttentionOperator {
    /// `output` and `present_state`.
    static func compute(_ request: Request) throws -> Outputs {
        let operation = try OperatorRequest(request, attributes)
        let attributes = operation.attributes
        let (heads, keyHeads) = (
            try attributes.integer("q_num_heads"), try attributes.integer("kv_num_heads")
        )
        let type = try operation.realType(of: "query")
        let scale = Float(try attributes.number("scale"))
        let past = try operation.tensor(ifPresent: "past_state")
        let stateType = try past.map { _ in try operation.realType(of: "past_state") } ?? type
        let result = try linearRecurrence(
            operation.tensor("query").splittingHeads(heads, request.name),
            operation.tensor("key").splittingHeads(keyHeads, request.name),
            operation.tensor("value").splittingHeads(keyHeads, request.name),
            rule: rule(operation, keyHeads), state: past, scale: scale == 0 ? nil : scale)
        return [
            "output": .rounded(try result.output.mergingHeads().roundedStraightThrough(to: type), to: type),
            "present_state": .rounded(result.state.roundedStraightThrough(to: stateType), to: stateType),
        ]
    }

    private enum Rule: String, CaseIterable {
        case linear
        case gated
        case delta
        case gatedDelta = "gated_delta"
    }

    private static func rule(_ operation: OperatorRequest, _ heads: Int) throws -> RecurrenceRule {
        let rule: Rule = try operation.attributes.choice("update_rule")
        let takes: (decay: Bool, beta: Bool) = (
            rule == .gated || rule == .gatedDelta, rule == .delta || rule == .gatedDelta
        )
        for (name, isTaken) in [("decay", takes.decay), ("beta", takes.beta)]
        where operation.request.contains(name) && !isTaken {
            throw RequestError.unfitTensor(
                name, expected: "none with update_rule \(rule.rawValue)", found: "\(try operation.tensor(name).shape)")
        }
        return switch rule {
        case .linear: .linear
        case .gated: .gated(decay: try decay(operation, heads))
        case .delta: .delta(beta: try beta(operation, heads))
        case .gatedDelta: .gatedDelta(decay: try decay(operation, heads), beta: try beta(operation, heads))
        }
    }

    /// [B, T, Hkv] or [B, T, Hkv·D] → [B, Hkv, T, 1 or D].
    private static func decay(_ operation: OperatorRequest, _ heads: Int) throws -> Tensor {
        try operation.tensor("decay").splittingHeads(heads, "decay")
    }

    /// [B, T, Hkv] or [B, T, 1] → [B, Hkv, T, 1].
    private static func beta(_ operation: OperatorRequest, _ heads: Int) throws -> Tensor {
        let beta = try operation.tensor("beta")
        guard beta.shape.rank == 3, beta.shape[2] == 1 || beta.shape[2] == heads else {
            throw ShapeError("beta", expected: "[B, T, \(heads)] or [B, T, 1]", found: "\(beta.shape)")
        }
        let all = try beta.expanded(to: [beta.shape[0], beta.shape[1], heads])
        return try all.splittingHeads(heads, "beta")
    }
}

extension LinearAttentionOperator {
    /// Its attributes.
    private static let attributes: [OptionDescriptor] = [
        .integer("q_num_heads", .from(1)), .integer("kv_num_heads", .from(1)), .integer("chunk_size", default: 64),
        .number("scale", default: 0), .choice("update_rule", Rule.self, default: .gatedDelta),
    ]

    /// What there is to know of it.
    static let descriptor = MechanismDescriptor(
        "onnx.LinearAttention", "ONNX LinearAttention", .operators,
        formula: "S ← e^g S + β k (v − e^g Sᵀ k)ᵀ, o = scale · Sᵀ q, and its simpler cases", cost: "O(BHTD²)",
        use: "Linear attention, gated or with the delta rule, in steps or at once.",
        source: "ONNX 1.23, operator schemas", options: OperatorRequest.options(opset: 27, attributes), compute: compute
    )
}

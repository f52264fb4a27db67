package import AttentionTensors

/// Attention composed of a score, modifiers, scopes and a normalizer, as the options of a request name them:
///
///     {"score": {"kind": …}, "modifiers": [{"kind": …} …], "scopes": [{"kind": …} …], "normalizer": {"kind": …}, "outputs": […]}
///
/// All may be missing: then it is scaled dot-product attention, everywhere, with softmax.
package struct CoreAttention {
    /// The parts.
    package let mechanism: AttentionMechanism
    /// The queries, as they are given.
    package let query: Tensor
    /// The keys and values.
    package let memory: Memory

    /// The options that name the parts.
    package static let partOptions: [OptionDescriptor] = [
        .part("score", default: "scaled_dot"), .parts("modifiers"), .parts("scopes"),
        .part("normalizer", default: "softmax"), .number("dropout", default: 0),
    ]

    /// The options of composed attention.
    package static let options = partOptions + [.texts("outputs", else: "all")]

    /// The mechanism with its parameters and inputs.
    /// - Throws: `RequestError` for what is unknown or missing, `ShapeError` for what does not fit.
    package init(_ request: Request) throws {
        query = try request.tensor("query")
        mechanism = try request.coreMechanism(querySize: query.shape.dimensions.last ?? 0)
        memory = try mechanism.remember(
            keys: request.tensor("key"), values: request.tensor("value"), lengths: request.coreLengths())
    }

    /// `output`, `weights`, `scores`, `logits` and `lse`; only those that the option `outputs` names, if it is given. The output alone is
    /// computed by a fused kernel, if there is one: without the weights.
    package static func compute(_ request: Request) throws -> Outputs {
        let core = try CoreAttention(request)
        let keep = request.options.contains("dropout") ? try request.mask("keep") : nil
        if request.wantsOnly("output"), keep == nil, try request.options.texts(ifGiven: "outputs") == nil {
            return ["output": .real(try core.mechanism.attend(core.query, core.memory))]
        }
        let trace = try core.mechanism.trace(core.query, core.memory, keeping: keep)
        let outputs: Outputs = [
            "output": .real(trace.alignment.context), "weights": .real(trace.alignment.weights),
            "scores": .real(trace.scores), "logits": .real(trace.logits), "lse": .real(try trace.logSums()),
        ]
        guard let names = try request.options.texts(ifGiven: "outputs") else { return outputs }
        for name in names where outputs[name] == nil {
            throw RequestError.unknown(kind: "output of attention", name: name, known: outputs.keys.sorted())
        }
        return outputs.filter { names.contains($0.key) }
    }
}

extension Request {
    /// The parts that the options name, for queries of this size.
    package func coreMechanism(querySize: Int) throws -> AttentionMechanism {
        let request = comparing(querySize: querySize, productScale: try ownProductScale())
        var mechanism = AttentionMechanism()
        mechanism.score = try request.part("score", among: AttentionParts.scores, of: .score)
        mechanism.modifiers = try request.parts("modifiers", among: AttentionParts.modifiers, of: .modifier)
        mechanism.normalizer = try request.part("normalizer", among: AttentionParts.normalizers, of: .normalizer)
        mechanism.dropout = Float(try options.number("dropout"))
        mechanism.scope = IntersectionScope(
            scopes: try request.parts("scopes", among: AttentionParts.scopes, of: .scope))
        return mechanism
    }

    /// `key_lengths`, if `padding` is among the scopes.
    package func coreLengths() throws -> [Int]? {
        guard case .list(let scopes)? = try options.value("scopes") else { return nil }
        let isPadded = scopes.contains { scope in
            if case .fields(let fields) = scope { fields["kind"] == .text("padding") } else { false }
        }
        return isPadded ? try integers("key_lengths").values : nil
    }

    /// The scale of scaled dot products, if it is given; 1 for other scores.
    private func ownProductScale() throws -> Float? {
        guard case .fields(let fields)? = try options.value("score"), fields["kind"] == .text("scaled_dot") else {
            return 1
        }
        if case .number(let scale)? = fields["scale"] { return Float(scale) }
        return nil
    }
}

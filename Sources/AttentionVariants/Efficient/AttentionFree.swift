public import AttentionMechanisms
public import AttentionTensors

/// An attention free transformer's layer: every feature is averaged by itself, with weights from the keys and from the positions,
///
///     out_t = σ(q_t) ⊙ Σ_t' exp(k_t' + w_tt') ⊙ v_t' / Σ_t' exp(k_t' + w_tt')
///
/// Queries, keys and values are [B, L, D]. Keys behind the lengths take no part.
///
/// *Source:* Zhai et al. 2021, *An Attention Free Transformer*, eq. 2–4.
public struct AttentionFree: Module {
    /// Which biases take part.
    public enum Variant: Sendable, Hashable {
        /// All of w.
        case full
        /// None: w = 0. In time linear in the length.
        case simple
        /// Those of positions nearer than the window; w = 0 for |t − t'| ≥ window.
        case local(window: Int)
    }

    /// w, [L, L]; zeros if nil.
    public var positionBias: Parameter?
    /// Which biases take part.
    public var variant: Variant
    /// Whether position t sees only t' ≤ t.
    public var isCausal: Bool

    /// A layer with these biases [L, L].
    public init(positionBias: Tensor? = nil, variant: Variant = .full, isCausal: Bool = false) {
        self.positionBias = positionBias.map { Parameter($0) }
        self.variant = variant
        self.isCausal = isCausal
    }

    /// What is read, [B, L, D].
    /// - Throws: `ShapeError` if the shapes do not fit.
    /// - Complexity: O(L D) without biases, else time O(L² D) and memory O(L D).
    public func attend(
        query: Tensor, keys: Tensor, values: Tensor, lengths: [Int]? = nil
    ) throws(ShapeError) -> Tensor {
        let bias = try bias(query: query, keys: keys, values: values, lengths: lengths)
        let average: Tensor
        if let bias {
            average = biasedAverage(keys, values, bias: bias, isCausal: isCausal, lengths: lengths)
        } else if isCausal {
            average = fadingAverage(keys, values, decay: nil, bonus: nil, lengths: lengths)
        } else {
            let (batch, length) = (keys.shape[0], keys.shape[1])
            let padding = lengths.map { Mask.first($0, of: length, shape: [batch, 1, length]) }
            let shares = try keys.transposed().softmax(visible: padding)  // [B, D, L]
            let kept = try values.keepingFirst(lengths)
            average = try (shares * kept.transposed()).sum(axis: 2).unsqueezed(axis: 1)  // [B, 1, D]
        }
        return query.sigmoid() * average
    }

    /// The weight of every position's every feature, exp(k_t' + w_tt') / Σ exp(k_t' + w_tt'): [B, L, L, D].
    /// - Complexity: O(L² D), memory too.
    public func weights(
        query: Tensor, keys: Tensor, values: Tensor, lengths: [Int]? = nil
    ) throws(ShapeError) -> Tensor {
        let bias = try bias(query: query, keys: keys, values: values, lengths: lengths)
        let (batch, length, size) = (keys.shape[0], keys.shape[1], keys.shape[2])
        var scores = try keys.transposed().unsqueezed(axis: 1)  // [B, 1, D, L]
            .expanded(to: [batch, length, size, length])
        if let bias { scores = scores + (try bias.reshaped(to: [length, 1, length])) }
        var visible = lengths.map { Mask.first($0, of: length, shape: [batch, 1, 1, length]) }
        if isCausal {
            let bytes: [UInt8] = (0..<length).flatMap { t in (0..<length).map { $0 <= t ? 1 : 0 } }
            let causal = Mask(shape: [1, length, 1, length], bytes: bytes)
            visible = try visible?.intersection(causal) ?? causal
        }
        return try scores.softmax(visible: visible).transposed()
    }

    /// The biases that take part, nil if none does, after a check of all shapes.
    private func bias(query: Tensor, keys: Tensor, values: Tensor, lengths: [Int]?) throws(ShapeError) -> Tensor? {
        try require(
            query.shape.rank == 3 && keys.shape == query.shape && values.shape == query.shape, "attentionFree",
            expected: "queries, keys and values [B, L, D]", found: "\(query.shape), \(keys.shape) and \(values.shape)")
        let (batch, length) = (keys.shape[0], keys.shape[1])
        try requireLengths(lengths, batch: batch, count: length, "attentionFree")
        guard let positionBias, variant != .simple else { return nil }
        try require(
            positionBias.shape == [length, length], "attentionFree", expected: "a position bias [\(length), \(length)]",
            found: "\(positionBias.shape)")
        guard case .local(let window) = variant else { return positionBias.tensor }
        try require(window >= 0, "attentionFree", expected: "a window of at least 0", found: "\(window)")
        let bytes: [UInt8] = (0..<length).flatMap { t in (0..<length).map { abs(t - $0) < window ? 1 : 0 } }
        return try positionBias.tensor.keeping(Mask(shape: [length, length], bytes: bytes))
    }

    /// `position_bias`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try positionBias.visit(&visitor, path / "position_bias")
    }
}

extension AttentionFree {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "aft", "Attention free transformer", .efficient,
        formula: "out_t = σ(q_t) ⊙ Σ_t' exp(k_t' + w_tt') v_t' / Σ_t' exp(k_t' + w_tt')",
        cost: "time O(L² D), O(L D) for the simple variant; memory O(L D)",
        use: "A gate and a learned average in place of heads and dot products.",
        source: "Zhai et al. 2021, An Attention Free Transformer, eq. 2–4",
        options: [
            .choice("variant", VariantName.self, default: .full), .integer("window"), .truth("causal", default: false),
        ],
        example: Example(["variant": .text("full")], draws: "weights") {
            $0.sequence + $0.parameters(["position_bias": [$0.length, $0.length]])
        }
    ) { request in
        let variant: AttentionFree.Variant =
            switch try request.options.choice("variant") as VariantName {
            case .full: .full
            case .simple: .simple
            case .local: .local(window: try request.options.integer("window"))
            }
        let mechanism = AttentionFree(
            positionBias: variant == .simple ? nil : try request.tensor(ifPresent: "position_bias"), variant: variant,
            isCausal: try request.options.truth("causal"))
        let (query, keys) = (try request.tensor("query"), try request.tensor("key"))
        let (values, lengths) = (try request.tensor("value"), try request.lengths("key_lengths"))
        return [
            "output": .real(try mechanism.attend(query: query, keys: keys, values: values, lengths: lengths)),
            "weights": .real(try mechanism.weights(query: query, keys: keys, values: values, lengths: lengths)),
        ]
    }

    /// The variants as options name them.
    private enum VariantName: String, CaseIterable { case full, simple, local }
}

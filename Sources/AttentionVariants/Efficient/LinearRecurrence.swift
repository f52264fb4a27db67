public import AttentionMechanisms
public import AttentionTensors

/// How the state S of a linear recurrence takes in a key k and its value v.
public enum RecurrenceRule: Sendable {
    /// S ← S + k vᵀ.
    case linear
    /// S ← diag(e^decay) S + k vᵀ: what is old fades. Decay [B, Hkv, T, 1 or D], in log space.
    case gated(decay: Tensor)
    /// S ← S + k (β (v − Sᵀ k))ᵀ: what the state already says of a key is replaced. β [B, Hkv, T, 1].
    case delta(beta: Tensor)
    /// The decay first, then the replacement.
    case gatedDelta(decay: Tensor, beta: Tensor)
}

/// What a linear recurrence returns: what was read at every step, and the state after the last.
public struct Recurrence: Sendable {
    /// [B, H, T, Dv].
    public let output: Tensor
    /// [B, Hkv, D, Dv]: where the next step goes on.
    public let state: Tensor
}

/// Attention as a recurrence over a matrix S of fixed size, one per key head: at every step
///
///     S ← rule(S, k_t, v_t),   o_t = scale · Sᵀ q_t
///
/// A sequence may be given at once or in pieces, each with the state the last one left. Computed in double precision, as one operation.
///
/// - Parameters:
///   - query: [B, H, T, D]; H is a multiple of Hkv, and neighbouring query heads share a state.
///   - keys: [B, Hkv, T, D].
///   - values: [B, Hkv, T, Dv].
///   - rule: how the state changes.
///   - state: S before the first step, [B, Hkv, D, Dv]; zeros if nil.
///   - scale: 1/√D if nil.
/// - Throws: `ShapeError` if the shapes do not fit.
/// - Complexity: O(T (H + Hkv) D Dv); the derivative recomputes the states from √T of them.
///
/// *Source:* Katharopoulos et al. 2020, *Transformers are RNNs*, sec. 3.4; Yang et al. 2024, *Gated Linear Attention*; Schlag, Irie &
/// Schmidhuber 2021, eq. 24 and Yang et al. 2024, *Parallelizing Linear Transformers with the Delta Rule*; Yang, Kautz & Hatamizadeh 2025,
/// *Gated Delta Networks*, eq. 10.
public func linearRecurrence(
    _ query: Tensor, _ keys: Tensor, _ values: Tensor, rule: RecurrenceRule = .linear, state: Tensor? = nil,
    scale: Float? = nil
) throws(ShapeError) -> Recurrence {
    let gate: RecurrenceGate?
    let beta: Tensor?
    switch rule {
    case .linear: (gate, beta) = (nil, nil)
    case .gated(let decay): (gate, beta) = (.logarithm(decay), nil)
    case .delta(let rate): (gate, beta) = (nil, rate)
    case .gatedDelta(let decay, let rate): (gate, beta) = (.logarithm(decay), rate)
    }
    return try recurrence(query, keys, values, gate: gate, beta: beta, state: state, scale: scale)
}

/// What a state is multiplied by before a step.
enum RecurrenceGate: Sendable {
    /// The logarithm of the factor.
    case logarithm(Tensor)
    /// The factor itself.
    case factor(Tensor)

    var tensor: Tensor {
        switch self {
        case .logarithm(let tensor), .factor(let tensor): tensor
        }
    }
}

/// The recurrence in its general form, which the named mechanisms are cases of.
func recurrence(
    _ query: Tensor, _ keys: Tensor, _ values: Tensor, gate: RecurrenceGate?, beta: Tensor?, state: Tensor?,
    scale: Float?
) throws(ShapeError) -> Recurrence {
    let inputs = try RecurrenceInputs(query, keys, values, gate: gate, beta: beta, state: state, scale: scale)
    let (outputShape, stateShape) = (inputs.outputShape, inputs.stateShape)
    let outputCount = outputShape.elementCount
    let whole = try Shape([outputCount + stateShape.elementCount]).checked(for: "linearRecurrence")
    let leaves = [query, keys, values] + [gate?.tensor, beta, state].compactMap { $0 }
    let flat = Tensor(shape: whole) { out in inputs.run(output: out, state: out + outputCount) }
        .derived(from: leaves) { upstream, gradients in
            let derivative = inputs.derivative(upstream: upstream, stateStart: outputCount)
            gradients.add(derivative.query, to: query)
            gradients.add(derivative.keys, to: keys)
            gradients.add(derivative.values, to: values)
            if let gate, let gradient = derivative.gate { gradients.add(gradient, to: gate.tensor) }
            if let beta, let gradient = derivative.beta { gradients.add(gradient, to: beta) }
            if let state { gradients.add(derivative.state, to: state) }
        }
    return Recurrence(
        output: try flat.sliced(axis: 0, 0..<outputCount).reshaped(to: outputShape.dimensions),
        state: try flat.sliced(axis: 0, outputCount..<whole[0]).reshaped(to: stateShape.dimensions))
}

extension RecurrenceRule {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "linear_recurrence", "Linear recurrence (gated, delta rule)", .efficient,
        formula:
            "S ← diag(e^decay) S;  S ← S + k (β (v − Sᵀ k))ᵀ;  o = scale · Sᵀ q;  decay = 0 or β (v − Sᵀ k) = v by rule",
        cost: "time O(L D Dv), memory O(D Dv)",
        use:
            "Decoding with a state of fixed size: gates forget by time, the delta rule replaces what a key already holds.",
        source: "Katharopoulos et al. 2020, Transformers are RNNs, sec. 3.4; Yang et al. 2024, Gated Linear Attention; "
            + "Schlag et al. 2021, eq. 24; Yang et al. 2025, Gated Delta Networks, eq. 10",
        options: [.choice("rule", Name.self), .number("scale", else: "1 / √D")],
        example: Example(["rule": .text("gated")], draws: "output") {
            try $0.headedWithUnitValues() + ["decay": .real(Tensor.ones([1, 1, $0.length, 1]) * -0.3)]
        }
    ) { request in
        let rule: RecurrenceRule =
            switch try request.options.choice("rule") as Name {
            case .linear: .linear
            case .gated: .gated(decay: try request.tensor("decay"))
            case .delta: .delta(beta: try request.tensor("beta"))
            case .gatedDelta: .gatedDelta(decay: try request.tensor("decay"), beta: try request.tensor("beta"))
            }
        let result = try linearRecurrence(
            request.tensor("query"), request.tensor("key"), request.tensor("value"), rule: rule,
            state: request.tensor(ifPresent: "past_state"),
            scale: request.options.number(ifGiven: "scale").map { Float($0) })
        return ["output": .real(result.output), "present_state": .real(result.state)]
    }

    /// The rules as options name them.
    private enum Name: String, CaseIterable {
        case linear
        case gated
        case delta
        case gatedDelta = "gated_delta"
    }
}

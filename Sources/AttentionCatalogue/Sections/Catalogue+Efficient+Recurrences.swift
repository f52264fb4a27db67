import AttentionMechanisms
import AttentionTensors
import AttentionVariants

extension Catalogue {
    static let efficientRecurrences: [CatalogueEntry] = [retention, linearRecurrence]

    private static let retention = CatalogueEntry(
        "retention", "Retention", .efficient,
        formula: "out_i = scale Σ_{j≤i} γ_h^(i−j) (q_i·k_j) v_j;  as a recurrence S ← γ S + k vᵀ, o = scale · Sᵀ q",
        cost: "time O(L D Dv), memory O(D Dv)",
        use:
            "Trains in parallel like attention and decodes like a recurrent network; each head forgets at its own pace.",
        source: "Sun et al. 2023, Retentive Network, eq. 5–6"
    ) { request in
        let mechanism = Retention(
            gamma: try request.tensor("gamma"), scale: Float(try request.options.number("scale", default: 1)))
        return ["output": .real(try mechanism.attend(request.tensor("query"), request.keyValueMemory()))]
    }

    private static let linearRecurrence = CatalogueEntry(
        "linear_recurrence", "Linear recurrence (gated, delta rule)", .efficient,
        formula:
            "S ← diag(e^decay) S;  S ← S + k (β (v − Sᵀ k))ᵀ;  o = scale · Sᵀ q;  decay = 0 or β (v − Sᵀ k) = v by rule",
        cost: "time O(L D Dv), memory O(D Dv)",
        use:
            "Decoding with a state of fixed size: gates forget by time, the delta rule replaces what a key already holds.",
        source: "Katharopoulos et al. 2020, Transformers are RNNs, sec. 3.4; Yang et al. 2024, Gated Linear Attention; "
            + "Schlag et al. 2021, eq. 24; Yang et al. 2025, Gated Delta Networks, eq. 10"
    ) { request in
        let rule: RecurrenceRule =
            switch try request.options.choice("rule") as RuleName {
            case .linear: .linear
            case .gated: .gated(decay: try request.tensor("decay"))
            case .delta: .delta(beta: try request.tensor("beta"))
            case .gatedDelta: .gatedDelta(decay: try request.tensor("decay"), beta: try request.tensor("beta"))
            }
        let result = try AttentionVariants.linearRecurrence(
            request.tensor("query"), request.tensor("key"), request.tensor("value"), rule: rule,
            state: request.tensor(ifPresent: "past_state"),
            scale: request.options.contains("scale") ? Float(request.options.number("scale")) : nil)
        return ["output": .real(result.output), "present_state": .real(result.state)]
    }
}

/// The names of the rules in specifications.
private enum RuleName: String, CaseIterable {
    case linear
    case gated
    case delta
    case gatedDelta = "gated_delta"
}

import AttentionTensors

extension AttentionMechanism {
    /// Attention to what was remembered before and what is new.
    public static let cached = MechanismDescriptor(
        "kv_cache", "Key–value cache", .heads,
        formula: "k = [past_key; key], v = [past_value; value], query i sees j ≤ i + past length",
        cost: "O(Q K D) time for Q new positions instead of O(K² D)",
        use:
            "Decoding step by step: what was computed for earlier positions is kept, and the result is that of one full pass.",
        source: "As in every Transformer decoder; ONNX Attention's past_key and past_value",
        example: Example { material in
            let (heads, past) = (try material.heads(), material.length / 3)
            let (new, old) = (
                try heads.sliced(axis: 2, past..<material.length), try heads.sliced(axis: 2, 0..<past)
            )
            return [
                "query": .real(new), "key": .real(new), "value": .real(new), "past_key": .real(old),
                "past_value": .real(old),
            ]
        }
    ) { request in
        let mechanism = AttentionMechanism(scope: .causal)
        let past = try request.tensor("past_key")
        let present = try mechanism.remember(
            keys: concatenated([past, request.tensor("key")], axis: 2),
            values: concatenated([request.tensor("past_value"), request.tensor("value")], axis: 2))
        let alignment = try mechanism.align(
            request.tensor("query"), present, positions: .from(past.shape.rank == 4 ? past.shape[2] : 0))
        return [
            "output": .real(alignment.context), "weights": .real(alignment.weights),
            "present_key": .real(present.keys), "present_value": .real(present.values),
        ]
    }
}

package import AttentionTensors

extension Request {
    /// A tensor [B, L, D] with one head, [B, 1, L, D].
    package func headless(_ name: String) throws -> Tensor {
        let tensor = try tensor(name)
        guard tensor.shape.rank == 3 else {
            throw RequestError.unfitTensor(name, expected: "three axes [B, L, D]", found: "\(tensor.shape)")
        }
        return tensor.unsqueezed(axis: 1)
    }

    /// The state [B, 1, 1, n] before the first step, if a tensor [B, n] of this name says it.
    func stepState(_ name: String) throws -> Tensor? {
        guard let tensor = try tensor(ifPresent: name) else { return nil }
        guard tensor.shape.rank == 2 else {
            throw RequestError.unfitTensor(name, expected: "two axes [B, n]", found: "\(tensor.shape)")
        }
        return tensor.unsqueezed(axis: 1).unsqueezed(axis: 1)
    }

    /// `key` and `value` with `key_lengths`, as a mechanism remembers them.
    package func memory(for mechanism: some SequentialMechanism, values: String = "value") throws -> Memory {
        try mechanism.remember(
            keys: try headless("key"), values: try headless(values), lengths: try lengths("key_lengths"))
    }

    /// Scores [B, Q, K], given as they are, and the values they share out, both with one head.
    func energies(_ name: String) throws -> (scores: Tensor, memory: Memory) {
        let values = try headless("value")
        let memory = try AttentionMechanism().remember(
            keys: values, values: values, lengths: try lengths("key_lengths"))
        return (try headless(name), memory)
    }
}

extension Outputs {
    /// `output` and `weights` of a reading with one head, and more, all without the axis of the head.
    static func reading(_ reading: Alignment, _ others: [String: Tensor] = [:]) throws -> Outputs {
        let all = others.merging(["output": reading.context, "weights": reading.weights]) { $1 }
        return try all.mapValues { .real(try $0.squeezed(axis: 1)) }
    }
}

extension ExampleMaterial {
    /// Energies of stopping that favour the diagonal, and values.
    func energetic() throws(ShapeError) -> Outputs {
        ["energy": .real(try energies() + unitRows() * 4 - 1), "value": .real(states)]
    }
}

import AttentionTensors

extension Request {
    /// The memory of `key`, `value` and, if it is given, `key_lengths`.
    package func keyValueMemory() throws -> Memory {
        try Memory(
            preparedKeys: tensor("key"), values: tensor("value"), lengths: lengths("key_lengths"))
    }

    /// `causal`: at what came before if it is true, else everywhere.
    package func causalScope() throws -> any Scope {
        try options.truth("causal") ? CausalScope.causal : GlobalScope.global
    }

    /// `output` and `weights` of this mechanism for `query`, `key` and `value`.
    package func outputs(of mechanism: AttentionMechanism) throws -> Outputs {
        let memory = try mechanism.remember(keys: tensor("key"), values: tensor("value"))
        let alignment = try mechanism.align(tensor("query"), memory)
        return ["output": .real(alignment.context), "weights": .real(alignment.weights)]
    }
}

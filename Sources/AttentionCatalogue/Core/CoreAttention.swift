package import AttentionMechanisms
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

    /// The mechanism with its parameters and inputs.
    /// - Throws: `CatalogueError` for what is unknown or missing, `ShapeError` for what does not fit.
    package init(_ request: Request) throws {
        query = try request.tensor("query")
        let (keys, values) = (try request.tensor("key"), try request.tensor("value"))
        let score = try request.options.table("score")
        var mechanism = AttentionMechanism()
        mechanism.score = try request.score(score)
        mechanism.modifiers = try request.options.tables("modifiers").map { try request.modifier($0, score: score) }
        mechanism.normalizer = try request.normalizer(request.options.table("normalizer"))
        mechanism.dropout = Float(try request.options.number("dropout", default: 0))
        let scopes = try request.options.tables("scopes")
        mechanism.scope = IntersectionScope(scopes: try scopes.compactMap(request.scope))
        let isPadded = try scopes.contains { try $0.text("kind") == "padding" }
        memory = try mechanism.remember(
            keys: keys, values: values, lengths: isPadded ? try request.integers("key_lengths").values : nil)
        self.mechanism = mechanism
    }

    /// `output`, `weights`, `scores`, `logits` and `lse`; only those that the option `outputs` names, if it is given.
    static func compute(_ request: Request) throws -> Outputs {
        let core = try CoreAttention(request)
        let comparison = try core.mechanism.compare(core.query, core.memory)
        let keep = request.options.contains("dropout") ? try request.mask("keep") : nil
        let alignment = try core.mechanism.align(comparison, core.memory, keeping: keep)
        let outputs: Outputs = [
            "output": .real(alignment.context), "weights": .real(alignment.weights), "scores": .real(comparison.scores),
            "logits": .real(comparison.logits), "lse": .real(try comparison.logSums()),
        ]
        guard let names = try request.options.texts("outputs") else { return outputs }
        for name in names where outputs[name] == nil {
            throw CatalogueError.unknown(kind: "output of attention", name: name, known: outputs.keys.sorted())
        }
        return outputs.filter { names.contains($0.key) }
    }

    /// Hard attention by sampling: `index`, `output`, `weights`, `log_probability`, `entropy` and, for given rewards, `surrogate`.
    static func sample(_ request: Request) throws -> Outputs {
        let core = try CoreAttention(request)
        let sample = try core.mechanism.sample(core.query, core.memory, uniform: request.constant("uniform"))
        let (reinforce, entropy) = (
            try request.options.number("reinforce_weight", default: 1),
            try request.options.number("entropy_weight", default: 0)
        )
        var outputs: Outputs = [
            "index": .integers(sample.indices, shape: sample.logProbability.shape), "output": .real(sample.context),
            "weights": .real(sample.weights), "log_probability": .real(sample.logProbability),
            "entropy": .real(sample.entropy),
        ]
        if request.contains("reward") {
            outputs["surrogate"] = .real(
                try sample.surrogate(
                    reward: request.constant("reward"),
                    baseline: request.contains("baseline") ? request.constant("baseline") : nil,
                    reinforceWeight: Float(reinforce), entropyWeight: Float(entropy)))
        }
        return outputs
    }
}

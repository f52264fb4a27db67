package import AttentionMechanisms
package import AttentionTensors
import AttentionVariants

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
        mechanism = try request.coreMechanism(querySize: query.shape.dimensions.last ?? 0)
        memory = try mechanism.remember(
            keys: request.tensor("key"), values: request.tensor("value"), lengths: request.coreLengths())
    }

    /// `output`, `weights`, `scores`, `logits` and `lse`; only those that the option `outputs` names, if it is given. The output alone is
    /// computed by a fused kernel, if there is one: without the weights.
    static func compute(_ request: Request) throws -> Outputs {
        let core = try CoreAttention(request)
        let keep = request.options.contains("dropout") ? try request.mask("keep") : nil
        if request.wantsOnly("output"), keep == nil, try request.options.texts("outputs") == nil {
            return ["output": .real(try core.mechanism.attend(core.query, core.memory))]
        }
        let trace = try core.mechanism.trace(core.query, core.memory, keeping: keep)
        let outputs: Outputs = [
            "output": .real(trace.alignment.context), "weights": .real(trace.alignment.weights),
            "scores": .real(trace.scores), "logits": .real(trace.logits), "lse": .real(try trace.logSums()),
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

extension Request {
    /// The parts that the options name, for queries of this size.
    func coreMechanism(querySize: Int) throws -> AttentionMechanism {
        let score = try options.table("score")
        var mechanism = AttentionMechanism()
        mechanism.score = try self.score(score)
        mechanism.modifiers = try options.tables("modifiers").map {
            try modifier($0, score: score, querySize: querySize)
        }
        mechanism.normalizer = try normalizer(options.table("normalizer"))
        mechanism.dropout = Float(try options.number("dropout", default: 0))
        mechanism.scope = IntersectionScope(scopes: try options.tables("scopes").compactMap(scope))
        return mechanism
    }

    /// `key_lengths`, if `padding` is among the scopes.
    func coreLengths() throws -> [Int]? {
        let isPadded = try options.tables("scopes").contains { try $0.text("kind") == "padding" }
        return isPadded ? try integers("key_lengths").values : nil
    }
}

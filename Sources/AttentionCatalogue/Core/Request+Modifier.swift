import AttentionMechanisms
import AttentionTensors

extension Request {
    /// The modifier that these options name, at the positions they state, for queries of this size. `score` are the options of the
    /// score, whose scale Shaw's relative keys share.
    func modifier(_ options: Options, score: Options?, querySize: Int) throws -> any Modifier {
        let base = try modifierWithoutOffset(options, score: score, querySize: querySize)
        let names = try options.text("kind") == "rope" ? ("query_offset", "key_offset") : ("offset", nil)
        let queries = try options.integer(names.0, default: 0)
        let keys = try names.1.map { try options.integer($0, default: 0) } ?? 0
        return queries == 0 && keys == 0 ? base : ShiftedModifier(base, queries: queries, keys: keys)
    }

    private func modifierWithoutOffset(
        _ options: Options, score: Options?, querySize: Int
    ) throws -> any Modifier {
        let kind = try options.text("kind")
        switch kind {
        case "rope":
            return RotaryModifier(
                frequencies: try options.rotaryFrequencies(standardSize: querySize),
                layout: try options.choice("layout", default: .half))
        case "qk_norm":
            let norm: VectorNorm = try options.choice("norm", default: .l2)
            return NormModifier(
                norm: norm, queryGain: norm == .l2 ? nil : try tensor(ifPresent: "gain_query"),
                keyGain: norm == .l2 ? nil : try tensor(ifPresent: "gain_key"),
                epsilon: Float(try options.number("epsilon", default: 1e-6)))
        case "softcap": return SoftcapModifier.softcap(Float(try options.number("cap")))
        case "bias": return BiasModifier.bias(try tensor("bias"))
        case "t5_bias":
            return T5BiasModifier(
                relativeBias: try tensor("relative_bias"), buckets: try options.relativeBuckets())
        case "alibi": return AlibiModifier.alibi(symmetric: try options.truth("symmetric", default: true))
        case "kerple":
            return KerpleModifier(
                try options.choice("variant"), rate: try tensor("rate"), spread: try tensor("spread"))
        case "relative_bias_2d":
            return RelativeBias2DModifier(
                height: try options.size("height"), width: try options.size("width"),
                relativeTable: try tensor("relative_table"))
        case "forget_gate": return ForgetGateModifier.forgetGate(logForget: try tensor("log_forget"))
        case "shaw": return try shaw(options, score: score)
        default:
            throw CatalogueError.unknown(
                kind: "modifier", name: kind,
                known: [
                    "alibi", "bias", "forget_gate", "kerple", "qk_norm", "relative_bias_2d", "rope", "shaw", "softcap",
                    "t5_bias",
                ])
        }
    }

    private func shaw(_ options: Options, score: Options?) throws -> ShawModifier {
        let isScaled = try score?.text("kind") ?? "scaled_dot" == "scaled_dot"
        let own = try score.flatMap { $0.contains("scale") ? Float(try $0.number("scale")) : nil }
        return ShawModifier(
            relativeKey: try tensor("relative_key"), relativeValue: try tensor("relative_value"),
            clip: try options.integer("clip"), scale: isScaled ? own : 1)
    }
}

extension Options {
    /// `buckets`, `max_distance` and `bidirectional`.
    func relativeBuckets() throws -> RelativeBuckets {
        try RelativeBuckets(
            count: try size("buckets"), maximumDistance: try size("max_distance"),
            isBidirectional: try truth("bidirectional"))
    }

    /// `rotary_dim`, `base` and `scaling`.
    func rotaryFrequencies(standardSize: Int) throws -> RotaryFrequencies {
        let size = try size("rotary_dim", default: standardSize)
        guard size <= 1 << 20 else {
            throw CatalogueError.unfitOption("rotary_dim of \(owner)", expected: "at most 2²⁰", found: "\(size)")
        }
        return try RotaryFrequencies(
            rotarySize: size, base: try number("base", default: 10_000),
            scaling: try table("scaling")?.rotaryScaling() ?? .none)
    }

    private func rotaryScaling() throws -> RotaryScaling {
        let kind = try text("kind")
        return switch kind {
        case "none": .none
        case "linear": .linear(factor: try number("factor"))
        case "dynamic_ntk":
            .dynamicNTK(
                factor: try number("factor"), originalLength: try size("original_length"), length: try size("length"))
        case "llama3":
            .llama3(
                factor: try number("factor"), lowFrequency: try number("low_frequency"),
                highFrequency: try number("high_frequency"), originalLength: try size("original_length"))
        case "yarn":
            .yarn(
                factor: try number("factor"), originalLength: try size("original_length"),
                betaFast: try number("beta_fast", default: 32), betaSlow: try number("beta_slow", default: 1))
        default:
            throw CatalogueError.unknown(
                kind: "scaling of rope", name: kind, known: ["none", "linear", "dynamic_ntk", "llama3", "yarn"])
        }
    }
}

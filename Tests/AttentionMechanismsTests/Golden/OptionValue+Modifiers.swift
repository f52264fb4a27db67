import AttentionMechanisms
import AttentionTensors
import AttentionTestSupport

extension OptionValue {
    /// The modifier that these options describe, with the case's tensors.
    func modifier(_ tensors: [String: Tensor]) throws -> any Modifier {
        func tensor(_ name: String) throws -> Tensor {
            guard let tensor = tensors[name] else { throw UnknownOption(description: "\(kind) without \(name)") }
            return tensor
        }
        switch kind {
        case "rope":
            return RotaryModifier(
                frequencies: try rotaryFrequencies(standardSize: try tensor("query").shape[3]),
                layout: try choice("layout", default: .half))
        case "qk_norm":
            return NormModifier(
                norm: try choice("norm", default: .l2), queryGain: tensors["gain_query"], keyGain: tensors["gain_key"],
                epsilon: Float(self["epsilon"]?.number ?? 1e-6))
        case "softcap": return SoftcapModifier.softcap(Float(self["cap"]?.number ?? 0))
        case "bias": return BiasModifier.bias(try tensor("bias"))
        case "t5_bias": return T5BiasModifier(relativeBias: try tensor("relative_bias"), buckets: try relativeBuckets())
        case "alibi": return AlibiModifier.alibi(symmetric: self["symmetric"] != .truth(false))
        case "kerple":
            return KerpleModifier(
                try choice("variant", default: .log), rate: try tensor("rate"), spread: try tensor("spread"))
        case "relative_bias_2d":
            return RelativeBias2DModifier(
                height: try count("height"), width: try count("width"), relativeTable: try tensor("relative_table"))
        case "forget_gate": return ForgetGateModifier.forgetGate(logForget: try tensor("log_forget"))
        default: throw UnknownOption(description: "modifier \(kind)")
        }
    }

    /// `buckets`, `max_distance` and `bidirectional`.
    func relativeBuckets() throws -> RelativeBuckets {
        try RelativeBuckets(
            count: try count("buckets"), maximumDistance: try count("max_distance"),
            isBidirectional: self["bidirectional"]?.isTrue == true)
    }

    /// `rotary_dim`, `base` and `scaling`.
    func rotaryFrequencies(standardSize: Int) throws -> RotaryFrequencies {
        try RotaryFrequencies(
            rotarySize: self["rotary_dim"]?.integer ?? standardSize, base: self["base"]?.number ?? 10_000,
            scaling: try self["scaling"]?.rotaryScaling() ?? .none)
    }

    private func rotaryScaling() throws -> RotaryScaling {
        let factor = self["factor"]?.number ?? 1
        return switch kind {
        case "linear": .linear(factor: factor)
        case "dynamic_ntk":
            .dynamicNTK(factor: factor, originalLength: try count("original_length"), length: try count("length"))
        case "llama3":
            .llama3(
                factor: factor, lowFrequency: self["low_frequency"]?.number ?? 0,
                highFrequency: self["high_frequency"]?.number ?? 0, originalLength: try count("original_length"))
        case "yarn":
            .yarn(
                factor: factor, originalLength: try count("original_length"),
                betaFast: self["beta_fast"]?.number ?? 32, betaSlow: self["beta_slow"]?.number ?? 1)
        default: throw UnknownOption(description: "scaling \(kind)")
        }
    }
}

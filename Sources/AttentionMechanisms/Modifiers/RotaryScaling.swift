import AttentionTensors

/// How rotary frequencies are changed to reach beyond the lengths of training.
public enum RotaryScaling: Sendable, Hashable {
    /// f' = f. *Source:* Su et al. 2021, *RoFormer*, eq. 15.
    case none
    /// f' = f / factor. *Source:* Chen et al. 2023, *Position Interpolation*, eq. 4.
    case linear(factor: Double)
    /// base' = base · (factor · n / L₀ − (factor − 1))^(d / (d − 2)) with n = max(length, L₀) and L₀ the original length.
    ///
    /// *Source:* the NTK-aware interpolation that Peng et al. 2023, *YaRN*, sec. 3.1 describe, with n in place of a fixed target.
    case dynamicNTK(factor: Double, originalLength: Int, length: Int)
    /// f' = (1 − u) f / factor + u f with u = clamp((L₀ / wavelength − low) / (high − low), 0, 1) and wavelength = 2π / f.
    ///
    /// *Source:* Grattafiori et al. 2024, *The Llama 3 Herd of Models*, as released with version 3.1.
    case llama3(factor: Double, lowFrequency: Double, highFrequency: Double, originalLength: Int)
    /// f' = r f / factor + (1 − r) f with r_m = clamp((m − lo) / (hi − lo), 0, 1), where lo and hi are the pairs that turn
    /// `betaFast` and `betaSlow` times within the original length; cosines and sines times 0.1 ln(factor) + 1.
    ///
    /// *Source:* Peng et al. 2023, *YaRN*, sec. 3.2–3.4.
    case yarn(factor: Double, originalLength: Int, betaFast: Double = 32, betaSlow: Double = 1)
}

extension RotaryScaling {
    /// The kinds and their numbers.
    static let options: [OptionDescriptor] = [
        .choice("kind", Kind.self), .number("factor"), .integer("original_length", .size), .integer("length", .size),
        .number("low_frequency"), .number("high_frequency"), .number("beta_fast", default: 32),
        .number("beta_slow", default: 1),
    ]

    private enum Kind: String, CaseIterable {
        case none, linear
        case dynamicNTK = "dynamic_ntk"
        case llama3, yarn
    }

    /// The scaling that these options say.
    init(_ options: Options) throws {
        self =
            switch try options.choice("kind") as Kind {
            case .none: .none
            case .linear: .linear(factor: try options.number("factor"))
            case .dynamicNTK:
                .dynamicNTK(
                    factor: try options.number("factor"), originalLength: try options.integer("original_length"),
                    length: try options.integer("length"))
            case .llama3:
                .llama3(
                    factor: try options.number("factor"), lowFrequency: try options.number("low_frequency"),
                    highFrequency: try options.number("high_frequency"),
                    originalLength: try options.integer("original_length"))
            case .yarn:
                .yarn(
                    factor: try options.number("factor"), originalLength: try options.integer("original_length"),
                    betaFast: try options.number("beta_fast"), betaSlow: try options.number("beta_slow"))
            }
    }
}

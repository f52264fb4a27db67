import AttentionFiles
import AttentionMechanisms
import AttentionTensors
import Glibc

extension ConfigurationFields {
    /// The rotary embeddings of heads of this size: as `rope_parameters` says in configurations of transformers 5, or `rope_theta` and
    /// `rope_scaling` in those before.
    ///
    /// - Parameters:
    ///   - base: what θ is unless said.
    ///   - share: what part of a head is turned unless said.
    ///   - kind: the kind of layers, where each has rotary embeddings of its own.
    /// - Throws: `ConfigurationError` if the kind of scaling is not known, or its numbers make no sense.
    func rotation(
        headSize: Int, base: Double = 10_000, share: Double = 1, kind: String? = nil
    ) throws -> any Modifier {
        let all = try part("rope_parameters")
        let own: ConfigurationFields? = if let kind, let part = try all?.part(kind) { part } else { all }
        let scaling = try own ?? part("rope_scaling") ?? ConfigurationFields(.object([]))
        func number(_ name: String, default fallback: Double) throws -> Double {
            try scaling.has(name) ? scaling.number(name) : self.number(name, default: fallback)
        }
        let turned = try number("partial_rotary_factor", default: share)
        guard turned >= 0, turned <= 1 else {
            throw ConfigurationError("partial_rotary_factor", expected: "a share from 0 to 1", found: "\(turned)")
        }
        let rotary = Rotary(
            size: Int(Double(headSize) * turned),
            base: try number("rope_theta", default: base), length: try size("max_position_embeddings", default: 2048),
            originalLength: try originalLength(scaling))
        let name = scaling.present("rope_type", "type")
        let type = try scaling.string(name, default: "default")
        guard let scale = Rotary.scalings[type] else {
            throw ConfigurationError(
                name, expected: "one of \(Rotary.scalings.keys.sorted().joined(separator: ", "))", found: type)
        }
        do { return try scale(rotary, scaling) } catch let error as ShapeError {
            throw ConfigurationError("rope_parameters", expected: "numbers that make sense", found: "\(error)")
        }
    }

    /// What the length of a text has to do with how its positions are turned.
    /// - Throws: `ConfigurationError` if a number is none.
    func lengthDependence() throws -> CausalDecoder.LengthDependence {
        guard let scaling = try part("rope_parameters") ?? part("rope_scaling") else { return .none }
        return switch try scaling.string(scaling.present("rope_type", "type"), default: "default") {
        case "longrope", "su": .beyond(try originalLength(scaling))
        case "dynamic": .growing
        default: .none
        }
    }

    /// How long texts may be: `max_position_embeddings`, so many times as scaling stretches them where that is not in it already.
    /// - Throws: `ConfigurationError` if a number is none.
    func textLength() throws -> Int {
        let length = try size("max_position_embeddings", default: 2048)
        guard let scaling = try part("rope_parameters") ?? part("rope_scaling"),
            try ["linear", "dynamic"].contains(scaling.string(scaling.present("rope_type", "type"), default: "default"))
        else { return length }
        return Int(Double(length) * (try scaling.number("factor")))
    }

    private func originalLength(_ scaling: ConfigurationFields) throws -> Int {
        let name = "original_max_position_embeddings"
        let whole = try size("max_position_embeddings", default: 2048)
        return try scaling.has(name) ? scaling.size(name) : size(name, default: whole)
    }
}

/// What every kind of scaling starts from.
private struct Rotary {
    let size: Int
    let base: Double
    /// What the model was made for.
    let length: Int
    /// What it was first trained on.
    let originalLength: Int

    /// The kinds, by the names that transformers gives them.
    static let scalings: [String: @Sendable (Rotary, ConfigurationFields) throws -> any Modifier] = [
        "default": { try $0.plain($1) }, "linear": { try $0.linear($1) }, "dynamic": { try $0.dynamic($1) },
        "llama3": { try $0.llama3($1) }, "yarn": { try $0.yarn($1) }, "longrope": { try $0.longRope($1) },
        "su": { try $0.longRope($1) },
    ]

    private func plain(_ fields: ConfigurationFields) throws -> any Modifier {
        try RotaryModifier.rope(rotarySize: size, base: base)
    }

    private func linear(_ fields: ConfigurationFields) throws -> any Modifier {
        try RotaryModifier.rope(rotarySize: size, base: base, scaling: .linear(factor: try fields.number("factor")))
    }

    private func dynamic(_ fields: ConfigurationFields) throws -> any Modifier {
        ReachingRotaryModifier(
            .dynamicNTK(
                rotarySize: size, base: base, factor: try fields.number("factor"), originalLength: length))
    }

    private func llama3(_ fields: ConfigurationFields) throws -> any Modifier {
        try RotaryModifier.rope(
            rotarySize: size, base: base,
            scaling: .llama3(
                factor: try fields.number("factor"), lowFrequency: try fields.number("low_freq_factor"),
                highFrequency: try fields.number("high_freq_factor"), originalLength: originalLength))
    }

    private func yarn(_ fields: ConfigurationFields) throws -> any Modifier {
        guard try fields.flag("truncate", default: true) else {
            throw ConfigurationError("truncate", expected: "true with yarn", found: "false")
        }
        let factor = try fields.number("factor", default: Double(length) / Double(originalLength))
        let frequencies = try RotaryFrequencies(
            rotarySize: size, base: base,
            scaling: .yarn(
                factor: factor, originalLength: originalLength, betaFast: try fields.number("beta_fast", default: 32),
                betaSlow: try fields.number("beta_slow", default: 1)))
        func multiplier(_ name: String) throws -> Double { 0.1 * (try fields.number(name)) * log(factor) + 1 }
        if fields.has("attention_factor") {
            let multiplier = try fields.number("attention_factor")
            return RotaryModifier(frequencies: frequencies.multiplying(by: multiplier), layout: .half)
        }
        guard fields.has("mscale"), fields.has("mscale_all_dim") else {
            return RotaryModifier(frequencies: frequencies, layout: .half)
        }
        let share = try multiplier("mscale") / multiplier("mscale_all_dim")
        return RotaryModifier(frequencies: frequencies.multiplying(by: share), layout: .half)
    }

    private func longRope(_ fields: ConfigurationFields) throws -> any Modifier {
        let stretch = try fields.number("factor", default: Double(length) / Double(originalLength))
        let usual = stretch <= 1 ? 1 : (1 + log(stretch) / log(Double(originalLength))).squareRoot()
        let multiplier = try fields.number("attention_factor", default: usual)
        func frequencies(_ name: String) throws -> RotaryFrequencies {
            try RotaryFrequencies(
                rotarySize: size, base: base, dividedBy: try fields.numbers(name), multiplier: multiplier)
        }
        return ReachingRotaryModifier(
            .longRope(
                short: try frequencies("short_factor"), long: try frequencies("long_factor"),
                originalLength: originalLength))
    }
}

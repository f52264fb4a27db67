import AttentionLayers
import AttentionMechanisms
import AttentionTensors

/// What a configuration's `positions` names: vectors that are added once to what the first layer reads, or modifiers of every
/// self-attention, or both.
package struct NamedPositions: Sendable {
    /// How configurations call it.
    package let name: String
    /// How the model tells positions apart before its first layer.
    let encoding: @Sendable (TransformerConfiguration, RandomKey) -> any PositionalEncoding
    /// How self-attention tells them apart; whether it is causal, too.
    let modifiers: @Sendable (TransformerConfiguration, _ isCausal: Bool) throws -> [any Modifier]
    /// Whether there are only as many positions as the configuration says.
    let isLimited: Bool

    private init(
        name: String, isLimited: Bool = false,
        encoding: @escaping @Sendable (TransformerConfiguration, RandomKey) -> any PositionalEncoding = { _, _ in
            NoPositions()
        },
        modifiers: @escaping @Sendable (TransformerConfiguration, _ isCausal: Bool) throws -> [any Modifier] = {
            _, _ in []
        }
    ) {
        (self.name, self.isLimited, self.encoding, self.modifiers) = (name, isLimited, encoding, modifiers)
    }

    /// Those there are; the first is the default.
    package static let all = [
        NamedPositions(name: "sinusoidal", encoding: { _, _ in SinusoidalPositions() }),
        NamedPositions(
            name: "learned", isLimited: true, encoding: { LearnedPositions($0.maximumLength, $0.modelSize, key: $1) }),
        NamedPositions(name: "rope", modifiers: { sizes, _ in [try RotaryModifier.rope(rotarySize: sizes.headSize)] }),
        NamedPositions(name: "alibi", modifiers: { [AlibiModifier.alibi(symmetric: !$1)] }),
        NamedPositions(
            name: "t5", modifiers: { [try T5BiasModifier.t5Bias(headCount: $0.headCount, bidirectional: !$1)] }),
        // Only as far as a causal decoder tells them.
        NamedPositions(name: "none"),
    ]

    /// How configurations call them.
    package static let names = all.map(\.name)

    /// What this name stands for.
    /// - Throws: `ConfigurationError` if there is none.
    package init(_ name: String) throws(ConfigurationError) {
        guard let positions = Self.all.first(where: { $0.name == name }) else {
            throw ConfigurationError(
                "positions", expected: "one of " + Self.names.joined(separator: ", "), found: name)
        }
        self = positions
    }
}

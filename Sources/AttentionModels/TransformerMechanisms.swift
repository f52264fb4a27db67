import AttentionLayers
public import AttentionMechanisms
import AttentionTensors

/// What the heads of a Transformer's three kinds of attention do.
public struct TransformerMechanisms: Sendable {
    /// Where source positions look at each other.
    public var encoder: AttentionMechanism
    /// Where target positions look at each other; its scope must be causal.
    public var decoder: AttentionMechanism
    /// Where target positions look at the source.
    public var source: AttentionMechanism

    /// Mechanisms of your own.
    public init(
        encoder: AttentionMechanism = AttentionMechanism(),
        decoder: AttentionMechanism = AttentionMechanism(scope: .causal),
        source: AttentionMechanism = AttentionMechanism()
    ) {
        self.encoder = encoder
        self.decoder = decoder
        self.source = source
    }

    /// The mechanisms that a configuration names, for one layer.
    /// - Throws: `ConfigurationError` if it names one that a Transformer does not take.
    init(_ configuration: TransformerConfiguration, key: RandomKey) throws(ConfigurationError) {
        let (heads, size) = (configuration.headCount, configuration.modelSize / configuration.headCount)
        let kind = configuration.attention
        guard kind.isScore, kind != .location else { throw Self.refusal(of: kind) }
        func score(_ use: Int) -> any Score { kind.makeScore(querySize: size, keySize: size, key: key[use]) }
        func mechanism(
            _ score: any Score, _ modifiers: [any Modifier], _ scope: any Scope, _ normalizer: any Normalizer
        ) -> AttentionMechanism {
            AttentionMechanism(
                score: score, modifiers: modifiers, scope: scope, normalizer: normalizer,
                dropout: configuration.attentionDropout)
        }
        let own = try configuration.selfNormalizer.makeNormalizer(headCount: heads, setting: "selfNormalizer")
        let cross = try configuration.crossNormalizer.makeNormalizer(headCount: heads, setting: "crossNormalizer")
        encoder = mechanism(score(0), try configuration.modifiers(isCausal: false), GlobalScope.global, own)
        decoder = mechanism(score(1), try configuration.modifiers(isCausal: true), CausalScope.causal, own)
        source = mechanism(score(2), [], GlobalScope.global, cross)
    }

    private static func refusal(of kind: AttentionKind) -> ConfigurationError {
        switch kind {
        case .none:
            ConfigurationError(
                "attention", expected: "a score, without which a Transformer's positions never meet",
                found: kind.rawValue)
        case .location:
            ConfigurationError(
                "attention", expected: "a score of sequences of any length", found: kind.rawValue)
        default:
            ConfigurationError(
                "attention",
                expected: "a score, since a Transformer's positions all look at once and know of no step before",
                found: kind.rawValue)
        }
    }
}

extension TransformerConfiguration {
    /// What tells positions apart within self-attention.
    fileprivate func modifiers(isCausal: Bool) throws(ConfigurationError) -> [any Modifier] {
        do {
            switch positions {
            case .sinusoidal, .learned, .none: return []
            case .rope: return [try RotaryModifier.rope(rotarySize: modelSize / headCount)]
            case .alibi: return [AlibiModifier.alibi(symmetric: !isCausal)]
            case .t5: return [try T5BiasModifier.t5Bias(headCount: headCount, bidirectional: !isCausal)]
            }
        } catch {
            throw ConfigurationError(
                "positions", expected: "ones for heads of size \(modelSize / headCount)",
                found: "\(positions.rawValue) (\(error))")
        }
    }
}

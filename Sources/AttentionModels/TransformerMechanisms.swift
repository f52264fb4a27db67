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
        var settings = PartSettings()
        let size = configuration.headSize
        (settings.querySize, settings.keySize, settings.hiddenSize) = (size, size, size)
        settings.headCount = configuration.headCount
        func mechanism(
            _ use: Int, _ modifiers: [any Modifier], _ scope: any Scope, _ normalizer: any Normalizer
        ) throws(ConfigurationError) -> AttentionMechanism {
            AttentionMechanism(
                score: try Self.score(configuration.attention, settings, key: key[use]), modifiers: modifiers,
                scope: scope, normalizer: normalizer, dropout: configuration.attentionDropout)
        }
        let own = try NormalizerDescriptor.make(
            named: configuration.selfNormalizer, settings, setting: "selfNormalizer", key: key)
        let cross = try NormalizerDescriptor.make(
            named: configuration.crossNormalizer, settings, setting: "crossNormalizer", key: key)
        encoder = try mechanism(0, try configuration.modifiers(isCausal: false), GlobalScope.global, own)
        decoder = try mechanism(1, try configuration.modifiers(isCausal: true), CausalScope.causal, own)
        source = try mechanism(2, [], GlobalScope.global, cross)
    }

    private static func score(
        _ name: String, _ settings: PartSettings, key: RandomKey
    ) throws(ConfigurationError) -> any Score {
        switch try NamedAttention(name) {
        case .score(let descriptor):
            return try descriptor.forModels.make(name: name, settings, setting: "attention", key: key)
        case .none:
            throw ConfigurationError(
                "attention", expected: "a score, without which a Transformer's positions never meet", found: name)
        case .sequential:
            throw ConfigurationError(
                "attention",
                expected: "a score, since a Transformer's positions all look at once and know of no step before",
                found: name)
        }
    }
}

extension TransformerConfiguration {
    /// What tells positions apart within self-attention.
    fileprivate func modifiers(isCausal: Bool) throws(ConfigurationError) -> [any Modifier] {
        let named = try NamedPositions(positions)
        do {
            return try named.modifiers(self, isCausal)
        } catch {
            throw ConfigurationError(
                "positions", expected: "ones for heads of size \(headSize)", found: "\(positions) (\(error))")
        }
    }
}

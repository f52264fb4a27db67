import AttentionMechanisms
import AttentionTensors

extension RecurrentTranslatorConfiguration {
    /// The mechanism of the decoder, its parameters drawn from `key`; nil for none.
    /// - Throws: `ConfigurationError` if it cannot be had, or not in this combination.
    func makeMechanism(key: RandomKey) throws(ConfigurationError) -> (any SequentialMechanism)? {
        var settings = PartSettings()
        (settings.querySize, settings.keySize, settings.hiddenSize) = (hiddenSize, annotationSize, hiddenSize)
        (settings.filterCount, settings.filterWidth) = (filterCount, filterWidth)
        (settings.chunkWidth, settings.mixtureSize) = (chunkWidth == 0 ? nil : chunkWidth, mixtureSize)
        let shares = try NormalizerDescriptor.make(named: normalizer, settings, setting: "normalizer", key: key)
        switch try NamedAttention(attention) {
        case .none:
            try requireCombination(takesNormalizer: false)
            return nil
        case .score(let descriptor):
            let score: any Score = try descriptor.forModels.make(
                name: attention, settings, setting: "attention", key: key)
            return makeMechanism(score: score, normalizer: shares, key: key)
        case .sequential(let descriptor):
            try requireCombination(takesNormalizer: descriptor.takesNormalizer)
            return try descriptor.fresh(shares).make(
                name: attention, settings, setting: "attention", key: key)
        }
    }

    private func makeMechanism(
        score: any Score, normalizer: any Normalizer, key: RandomKey
    ) -> any SequentialMechanism {
        switch scope {
        case .global: AttentionMechanism(score: score, normalizer: normalizer)
        case .localM: AttentionMechanism(score: score, scope: .localM(halfWidth: halfWidth), normalizer: normalizer)
        case .localP:
            PredictiveLocalAttention(
                score: score, querySize: hiddenSize, hiddenSize: hiddenSize, halfWidth: Double(halfWidth),
                normalizer: normalizer, key: key[3])
        }
    }

    /// Throws if an attention that is no score is asked for with a scope, or with a normalizer it does not take.
    private func requireCombination(takesNormalizer: Bool) throws(ConfigurationError) {
        guard scope == .global else {
            throw ConfigurationError(
                "scope", expected: "global for \(attention), which is no score that could be kept within one",
                found: scope.rawValue)
        }
        guard normalizer == "softmax" || takesNormalizer else {
            throw ConfigurationError(
                "normalizer", expected: "softmax for \(attention), which has no scores to share out",
                found: normalizer)
        }
    }
}

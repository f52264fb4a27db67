import AttentionMechanisms
import AttentionTensors

extension RecurrentTranslatorConfiguration {
    /// The mechanism of the decoder, its parameters drawn from `key`; nil for none.
    /// - Throws: `ConfigurationError` if it cannot be had, or not in this combination.
    func makeMechanism(key: RandomKey) throws(ConfigurationError) -> (any SequentialMechanism)? {
        let shares = try normalizer.makeNormalizer(headCount: 1, setting: "normalizer")
        if let score = attention.makeScore(querySize: hiddenSize, keySize: annotationSize, key: key) {
            return makeMechanism(score: score, normalizer: shares, key: key)
        }
        try requireCombination()
        switch attention {
        case .locationSensitive:
            return LocationSensitiveAttention(
                querySize: hiddenSize, keySize: annotationSize, hiddenSize: hiddenSize, filterCount: filterCount,
                width: filterWidth, normalizer: shares, key: key)
        case .coverage:
            return CoverageAttention(
                querySize: hiddenSize, keySize: annotationSize, hiddenSize: hiddenSize, normalizer: shares, key: key)
        case .monotonicSoft: return MonotonicAttention(score: stoppingScore(key))
        case .forward: return MonotonicAttention(score: additiveScore(key), normalizer: .forward)
        case .mocha:
            return ChunkwiseAttention(
                score: stoppingScore(key[0]), chunkScore: additiveScore(key[1]),
                width: chunkWidth == 0 ? nil : chunkWidth)
        case .gaussianMixture: return GaussianMixtureAttention(querySize: hiddenSize, count: mixtureSize, key: key)
        case .monotonicHard:
            throw ConfigurationError(
                "attention", expected: "one that gradients flow through, such as monotonic_soft",
                found: attention.rawValue)
        case .location:
            throw ConfigurationError(
                "attention", expected: "one that can score a source of any length", found: attention.rawValue)
        default: return nil
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
    private func requireCombination() throws(ConfigurationError) {
        guard scope == .global else {
            throw ConfigurationError(
                "scope", expected: "global for \(attention.rawValue), which is no score that could be kept within one",
                found: scope.rawValue)
        }
        guard normalizer == .softmax || attention == .locationSensitive || attention == .coverage else {
            throw ConfigurationError(
                "normalizer", expected: "softmax for \(attention.rawValue), which has no scores to share out",
                found: normalizer.rawValue)
        }
    }

    /// The score that decides where a monotonic process stops.
    private func stoppingScore(_ key: RandomKey) -> NormedAdditiveScore {
        .normedAdditive(querySize: hiddenSize, keySize: annotationSize, hiddenSize: hiddenSize, key: key)
    }

    private func additiveScore(_ key: RandomKey) -> AdditiveScore {
        .additive(querySize: hiddenSize, keySize: annotationSize, hiddenSize: hiddenSize, key: key)
    }
}

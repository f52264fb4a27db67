import AttentionMechanisms
import AttentionTensors

extension RecurrentTranslatorConfiguration {
    /// Throws if the mechanism that is asked for cannot be had, or not in this combination.
    func validateMechanism() throws(ConfigurationError) {
        switch attention {
        case .location:
            throw ConfigurationError(
                "attention", expected: "one that can score a source of any length", found: attention.rawValue)
        case .monotonicHard:
            throw ConfigurationError(
                "attention", expected: "one that gradients flow through, such as monotonic_soft",
                found: attention.rawValue)
        default: break
        }
        guard attention != .none || (scope, normalizer) == (.global, .softmax) else {
            throw ConfigurationError(
                "attention", expected: "other than none, with a scope or a normalizer", found: "none")
        }
        guard attention.isScore || scope == .global else {
            throw ConfigurationError(
                "scope", expected: "global for \(attention.rawValue), which keeps its own place", found: scope.rawValue)
        }
        let takesNormalizer = attention.isScore || [.none, .locationSensitive, .coverage].contains(attention)
        guard takesNormalizer || normalizer == .softmax else {
            throw ConfigurationError(
                "normalizer", expected: "softmax for \(attention.rawValue), which shares attention out by itself",
                found: normalizer.rawValue)
        }
        _ = try normalizer.makeNormalizer(headCount: 1, setting: "normalizer")
    }

    /// The mechanism of the decoder; nil for none.
    /// - Throws: `ConfigurationError` if it cannot be had.
    func makeMechanism(key: RandomKey) throws(ConfigurationError) -> (any SequentialMechanism)? {
        let (query, annotation) = (hiddenSize, annotationSize)
        let shares = try normalizer.makeNormalizer(headCount: 1, setting: "normalizer")
        switch attention {
        case .none: return nil
        case .locationSensitive:
            return LocationSensitiveAttention(
                querySize: query, keySize: annotation, hiddenSize: query, filterCount: filterCount, width: filterWidth,
                normalizer: shares, key: key)
        case .coverage:
            return CoverageAttention(
                querySize: query, keySize: annotation, hiddenSize: query, normalizer: shares, key: key)
        case .gaussianMixture: return GaussianMixtureAttention(querySize: query, count: mixtureSize, key: key)
        case .monotonicSoft: return MonotonicAttention(score: makeScore(.normedAdditive, key))
        case .forward: return MonotonicAttention(score: makeScore(.additive, key), normalizer: .forward)
        case .mocha:
            return ChunkwiseAttention(
                score: makeScore(.normedAdditive, key[0]), chunkScore: makeScore(.additive, key[1]),
                width: chunkWidth == 0 ? nil : chunkWidth)
        case let score: return makeMechanism(score: makeScore(score, key), normalizer: shares, key: key)
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

    private func makeScore(_ kind: AttentionKind, _ key: RandomKey) -> any Score {
        kind.makeScore(querySize: hiddenSize, keySize: annotationSize, key: key)
    }
}

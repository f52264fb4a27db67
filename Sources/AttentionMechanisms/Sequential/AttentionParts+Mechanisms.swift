extension AttentionParts {
    /// Mechanisms that go through a source step by step.
    public static let sequential: [SequentialDescriptor] = [
        LocationSensitiveAttention.sequential,
        CoverageAttention.sequential,
        MonotonicNormalizer.sequential,
        HardMonotonicNormalizer.sequential,
        ChunkwiseAttention.sequential,
        ForwardNormalizer.sequential,
        GaussianMixtureAttention.sequential,
    ]

    /// Compositions with names of their own, and what decoders are made of besides.
    private static let others: [MechanismDescriptor] =
        CoreAttention.descriptors + [
            DisentangledScore.descriptor,
            RotaryFrequencies.scaled,
            AttentionMechanism.cached,
            AttentionMechanism.workedExample,
            AttentionMechanism.pointerNetwork,
            PointerGenerator.descriptor,
            PredictiveLocalAttention.descriptor,
            MemoryAddressing.descriptor,
        ]

    /// All mechanisms: attention with each of the parts, and those that are more than parts.
    public static let mechanisms: [MechanismDescriptor] =
        scores.map(\.mechanism) + modifiers.map(\.mechanism) + scopes.map(\.mechanism)
        + normalizers.map(\.mechanism) + sequential.map(\.mechanism) + others
}

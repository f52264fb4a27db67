/// The parts of this room, one line each: configurations, specifications, the catalogue and the encyclopedia know those that are
/// listed here.
public enum AttentionParts {
    public static let scores: [ScoreDescriptor] = [
        DotScore.descriptor,
        ScaledDotScore.descriptor,
        GeneralScore.descriptor,
        BiasedGeneralScore.descriptor,
        ActivatedGeneralScore.descriptor,
        ConcatScore.descriptor,
        AdditiveScore.descriptor,
        NormedAdditiveScore.descriptor,
        LocationScore.descriptor,
        CosineScore.descriptor,
        GaussianKernelScore.descriptor,
    ]

    public static let modifiers: [ModifierDescriptor] = [
        RotaryModifier.descriptor,
        NormModifier.descriptor,
        SoftcapModifier.descriptor,
        BiasModifier.descriptor,
        T5BiasModifier.descriptor,
        AlibiModifier.descriptor,
        KerpleModifier.descriptor,
        RelativeBias2DModifier.descriptor,
        ForgetGateModifier.descriptor,
        ShawModifier.descriptor,
    ]

    public static let scopes: [ScopeDescriptor] = [
        GlobalScope.padding,
        QueryPaddingScope.descriptor,
        KeyMaskScope.descriptor,
        MaskScope.descriptor,
        CausalScope.descriptor,
        PrefixScope.descriptor,
        SlidingWindowScope.descriptor,
        SlidingWindowScope.local,
        DilatedScope.descriptor,
        StridedScope.descriptor,
        FixedScope.descriptor,
        LongformerScope.descriptor,
        BlockSparseScope.descriptor,
        BigBirdScope.descriptor,
        StreamingScope.descriptor,
        ChunkedScope.descriptor,
        LogSparseScope.descriptor,
        SegmentScope.descriptor,
        AxialScope.descriptor,
        SwinScope.descriptor,
        NeighborhoodScope.descriptor,
        LSHScope.descriptor,
    ]

    public static let normalizers: [NormalizerDescriptor] = [
        SoftmaxNormalizer.descriptor,
        SoftmaxSinkNormalizer.descriptor,
        SoftmaxOneNormalizer.descriptor,
        ScalableSoftmaxNormalizer.descriptor,
        SoftpickNormalizer.descriptor,
        SparsemaxNormalizer.descriptor,
        Entmax15Normalizer.descriptor,
        EntmaxNormalizer.descriptor,
        SigmoidNormalizer.descriptor,
        NormalizedSigmoidNormalizer.descriptor,
        ReLUNormalizer.descriptor,
        TopKNormalizer.descriptor,
        HardmaxNormalizer.descriptor,
        StickBreakingNormalizer.descriptor,
        GumbelSoftmaxNormalizer.descriptor,
        SinkhornNormalizer.descriptor,
        OverQueriesNormalizer.descriptor,
    ]
}

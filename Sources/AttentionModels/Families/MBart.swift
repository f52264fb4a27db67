import AttentionLayers

/// mBART (Liu et al. 2020; Tang et al. 2021): BART with norms before the branches, in many languages.
public enum MBart: BartFamily {
    public static let modelTypes = ["mbart"]
    public static let className = "MBart"

    static func sizes(_ fields: ConfigurationFields) throws(ConfigurationError) -> BartSizes {
        try BartSizes(fields, order: .pre, hasEmbeddingNorm: true, places: .learned(unused: 2))
    }
}

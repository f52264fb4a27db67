import AttentionLayers

/// M2M100 (Fan et al. 2021) and NLLB (NLLB Team 2022): one model for all pairs of many languages; the first id names the language.
public enum M2M100: BartFamily {
    public static let modelTypes = ["m2m_100"]
    public static let className = "M2M100"

    static func sizes(_ fields: ConfigurationFields) throws(ConfigurationError) -> BartSizes {
        try BartSizes(fields, order: .pre, hasEmbeddingNorm: false, places: .computedSkippingPadding(.closedHalves))
    }
}

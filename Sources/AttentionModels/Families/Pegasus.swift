import AttentionLayers

/// PEGASUS (Zhang et al. 2020): trained to write left-out sentences; summaries.
public enum Pegasus: BartFamily {
    public static let modelTypes = ["pegasus"]
    public static let className = "Pegasus"

    static func sizes(_ fields: ConfigurationFields) throws(ConfigurationError) -> BartSizes {
        try BartSizes(fields, order: .pre, hasEmbeddingNorm: false, places: .computed(.halves))
    }
}

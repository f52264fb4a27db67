import AttentionTensors

/// A family whose encoder is BERT's with other sizes and names: it says these, and what stands in its heads.
protocol PostNormFamily: EncoderFamily {
    /// The sizes, as the family's configuration spells them.
    static func sizes(_ fields: ConfigurationFields) throws(ConfigurationError) -> PostNormEncoder
    /// The head for masked words: its activation, nil for that of the layers, and how it is spelt.
    static var words: (activation: Activation?, names: CheckpointMap) { get }
    /// The head for classes of texts: its activation, and how it is spelt.
    static var classes: (activation: Activation, names: CheckpointMap) { get }
}

extension PostNormFamily {
    public static var unused: [String] { [] }

    public static func encoder(_ fields: ConfigurationFields) throws -> any TextEncoder {
        let sizes = try sizes(fields)
        return try PrunedHeads(fields).applied(
            to: try sizes.encoder(), headCount: sizes.headCount, setting: "pruned_heads")
    }

    public static func head(
        _ task: EncoderTask, _ fields: ConfigurationFields
    ) throws -> (EncoderHead, CheckpointMap)? {
        try commonHead(task, fields)
    }

    /// The heads that all of them have, for a family that has one of its own besides.
    static func commonHead(
        _ task: EncoderTask, _ fields: ConfigurationFields
    ) throws -> (EncoderHead, CheckpointMap)? {
        let sizes = try sizes(fields)
        switch task {
        case .maskedTokens: return (try sizes.maskedTokenHead(fields, activation: words.activation), words.names)
        case .sequences:
            let labels = try fields.labels()
            return (
                .sequences(SequenceHead(sizes.modelSize, activation: classes.activation, labels: labels)), classes.names
            )
        case .features, .tokens, .spans, .pretraining:
            return try plainHead(task, fields, modelSize: sizes.modelSize)
        }
    }
}

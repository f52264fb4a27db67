public import AttentionModels
import AttentionTensors

extension ModelConfiguration {
    /// Refuses a model that this machine's memory cannot hold: such sizes are typing errors, or come from damaged files.
    ///
    /// - Parameter isTrained: Training holds four numbers for each parameter (itself, its gradient, two moments), anything else one.
    /// - Throws: `ConfigurationError` with both sizes, or what else is wrong with the configuration.
    public func checkMemory(isTrained: Bool = false) throws(ConfigurationError) {
        switch architecture {
        case .transformer(let sizes): try sizes.validate()
        case .recurrent(let sizes): try sizes.validate()
        }
        let needed = weightCount * (isTrained ? 16 : 4)
        let present = PhysicalMemory.byteCount
        guard needed > present else { return }
        throw ConfigurationError(
            "the model",
            expected: "small enough for the \(PhysicalMemory.gigabytes(present)) of memory here",
            found: "sizes that take \(PhysicalMemory.gigabytes(needed)); choose smaller ones")
    }

    /// The number of elements of all matrices; a floating-point number because those of damaged files have no limit.
    private var weightCount: Double {
        switch architecture {
        case .transformer(let sizes):
            let (model, inner) = (Double(sizes.modelSize), Double(sizes.feedForwardSize))
            let (attention, feedForward) = (4 * model * model, 2 * model * inner)
            return Double(sizes.vocabularySize) * model
                + Double(sizes.encoderLayerCount) * (attention + feedForward)
                + Double(sizes.decoderLayerCount) * (2 * attention + feedForward)
        case .recurrent(let sizes):
            let (embedding, hidden) = (Double(sizes.embeddingSize), Double(sizes.hiddenSize))
            return Double(sizes.vocabularySize) * (2 * embedding + hidden) + 9 * hidden * (embedding + 2 * hidden)
        }
    }
}

public import AttentionModels
import AttentionTensors

extension ModelConfiguration {
    /// Refuses a model that this machine's memory cannot hold: such sizes are typing errors, or come from damaged files.
    ///
    /// - Parameter isTrained: Training holds four numbers for each parameter (itself, its gradient, two moments), anything else one.
    /// - Throws: `ConfigurationError` with both sizes, or what else is wrong with the configuration.
    public func checkMemory(isTrained: Bool = false) throws(ConfigurationError) {
        try architecture.validate()
        // Blank parameters take no memory, so that those of any size can be counted.
        let count = try architecture.makeModel(key: .blank).parameterCount
        let needed = Double(count) * (isTrained ? 16 : 4)
        let present = PhysicalMemory.byteCount
        guard needed > present else { return }
        throw ConfigurationError(
            "the model",
            expected: "small enough for the \(PhysicalMemory.gigabytes(present)) of memory here",
            found: "sizes that take \(PhysicalMemory.gigabytes(needed)); choose smaller ones")
    }
}

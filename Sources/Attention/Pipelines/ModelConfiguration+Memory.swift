public import AttentionModels
import Glibc

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
        let present = Double(sysconf(Int32(_SC_PHYS_PAGES))) * Double(sysconf(Int32(_SC_PAGESIZE)))
        guard needed > present else { return }
        throw ConfigurationError(
            "the model",
            expected: "small enough for the \(Self.gigabytes(present)) of memory here",
            found: "sizes that take \(Self.gigabytes(needed)); choose smaller ones")
    }

    private static func gigabytes(_ bytes: Double) -> String { "\((bytes / 1e8).rounded() / 10) GB" }
}

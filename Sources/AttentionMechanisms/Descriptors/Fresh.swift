package import AttentionTensors

/// How a model gets a part whose parameters it is to learn.
package enum Fresh<Part: Sendable>: Sendable {
    /// One without parameters, for vectors of any size.
    case plain(Part)
    /// One with parameters for these sizes, drawn from a key.
    case drawn(@Sendable (PartSettings, RandomKey) -> Part)
    /// Not at all: a model needs "one that …" instead.
    case refused(String)
}

/// What a model says of the part it needs.
package struct PartSettings: Sendable {
    /// Dq.
    package var querySize = 1
    /// Dk.
    package var keySize = 1
    /// The hidden size of a score that is a small network.
    package var hiddenSize = 1
    /// H.
    package var headCount = 1
    /// The filters over earlier weights, and their width.
    package var (filterCount, filterWidth) = (1, 1)
    /// The keys in a chunk; nil for all.
    package var chunkWidth: Int?
    /// The parts of a mixture.
    package var mixtureSize = 1

    /// Settings to be filled in.
    package init() {}
}

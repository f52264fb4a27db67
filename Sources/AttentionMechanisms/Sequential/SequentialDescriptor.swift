/// What there is to know of a mechanism that goes through a source step by step, and how a decoder gets one.
public struct SequentialDescriptor: Sendable {
    /// The mechanism.
    public let mechanism: MechanismDescriptor
    /// Whether it shares out scores by a normalizer of choice.
    package let takesNormalizer: Bool
    /// The mechanism with this normalizer, if it takes one.
    package let fresh: @Sendable (any Normalizer) -> Fresh<any SequentialMechanism>

    /// The name in specifications and configurations.
    public var name: String { mechanism.name }

    /// A mechanism that shares out scores by a normalizer.
    init(
        _ mechanism: MechanismDescriptor,
        sharing fresh: @escaping @Sendable (any Normalizer) -> Fresh<any SequentialMechanism>
    ) {
        self.mechanism = mechanism
        self.takesNormalizer = true
        self.fresh = fresh
    }

    /// A mechanism with shares of its own kind.
    init(_ mechanism: MechanismDescriptor, _ fresh: Fresh<any SequentialMechanism>) {
        self.mechanism = mechanism
        self.takesNormalizer = false
        self.fresh = { _ in fresh }
    }
}

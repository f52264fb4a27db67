public import AttentionTensors

/// The examples that batches are made of, epoch by epoch, the same for the same epoch.
public protocol ExampleSource: Sendable {
    /// What is learnt from.
    associatedtype Example: Sendable
    /// The examples of an epoch, counted from 0, in an order that means nothing.
    /// - Throws: whatever is wrong with the data.
    func examples(ofEpoch number: Int) throws -> [Example]
}

/// The same examples in every epoch.
public struct FixedExamples<Example: Sendable>: ExampleSource {
    /// The examples.
    public let examples: [Example]

    /// These examples.
    public init(_ examples: [Example]) { self.examples = examples }

    /// All of them.
    public func examples(ofEpoch number: Int) -> [Example] { examples }
}

/// Examples that are made anew in every epoch, each with a random key of its own: sentences cut into other subwords, noised signals.
///
/// All of an epoch are made at once, so that batches can be made of examples of similar length; while an epoch is read, another thread makes
/// the next. What leaves the length as it is costs less memory as `BatchSource.mapped`.
public struct RemadeExamples<Source: ExampleSource, Example: Sendable>: ExampleSource {
    private let source: Source
    private let key: RandomKey
    private let transform: @Sendable (Source.Example, RandomKey) throws -> Example

    /// Examples of `source`, each turned into another.
    ///
    /// - Parameters:
    ///   - key: what the randomness of all transforms follows from.
    ///   - transform: makes the same of the same example and key, whenever it is asked.
    public init(
        _ source: Source, key: RandomKey,
        _ transform: @escaping @Sendable (Source.Example, RandomKey) throws -> Example
    ) {
        self.source = source
        self.key = key
        self.transform = transform
    }

    /// The source's examples of this epoch, turned with keys for the epoch and their places in it.
    public func examples(ofEpoch number: Int) throws -> [Example] {
        let key = key[number]
        return try source.examples(ofEpoch: number).enumerated().map { try transform($1, key[$0]) }
    }
}

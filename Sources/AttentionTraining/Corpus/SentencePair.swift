/// A sentence and its translation.
public struct SentencePair: Hashable, Sendable {
    /// The sentence to be translated.
    public var source: String
    /// Its translation.
    public var target: String

    /// Pairs a sentence with its translation.
    public init(source: String, target: String) {
        self.source = source
        self.target = target
    }
}

/// A sentence and everything it may correctly be translated to.
public struct ReferenceSegment: Hashable, Sendable {
    /// The sentence to be translated.
    public var source: String
    /// Its translations, at least one.
    public var references: [String]

    /// Joins a sentence to its translations.
    public init(source: String, references: [String]) {
        self.source = source
        self.references = references
    }
}

extension Collection<SentencePair> {
    /// Joins consecutive pairs with the same source to one segment with several references.
    ///
    /// Test sets with several translations of a sentence repeat the sentence in consecutive rows. Sources are the same
    /// when their bytes are.
    public func grouped() -> [ReferenceSegment] {
        reduce(into: []) { segments, pair in
            if let last = segments.indices.last, segments[last].source.utf8.elementsEqual(pair.source.utf8) {
                segments[last].references.append(pair.target)
            } else {
                segments.append(ReferenceSegment(source: pair.source, references: [pair.target]))
            }
        }
    }
}

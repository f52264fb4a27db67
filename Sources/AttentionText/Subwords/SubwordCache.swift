import Synchronization

/// The pieces of segments seen before, shared by the copies of a tokenizer; it keeps the first segments that come until
/// it is full.
final class SubwordCache: Sendable {
    private static let segmentLimit = 16_384
    private static let byteLimit = 64

    private struct Contents {
        var segments = PieceIndex()
        var subwords: [[Subword]] = []
    }

    private let contents = Mutex(Contents())

    /// The pieces of `segment`, from the cache or from `compute`.
    func subwords(of segment: [UInt8], compute: ([UInt8]) -> [Subword]) -> [Subword] {
        guard segment.count <= Self.byteLimit else { return compute(segment) }
        let cached = contents.withLock { contents in
            contents.segments.entry(of: segment[...]).map { contents.subwords[$0] }
        }
        if let cached { return cached }
        let subwords = compute(segment)
        contents.withLock { contents in
            guard contents.subwords.count < Self.segmentLimit else { return }
            if contents.segments.insert(segment[...]) == contents.subwords.count {
                contents.subwords.append(subwords)
            }
        }
        return subwords
    }
}

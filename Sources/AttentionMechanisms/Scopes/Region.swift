public import AttentionTensors

/// The pairs of query i and key j that may meet, said in symbols: what a scope lowers itself to, and what kernels switch over.
///
/// Two facts about a region must agree: `band`, for kernels that need no matrix, and `mask(…)`, for everything else.
public enum Region: Sendable, Hashable {
    /// All pairs.
    case everywhere
    /// The pairs of a diagonal band.
    case band(Band)
    /// The pairs that a mask admits; its shape can be repeated to [B, H, Q, K].
    case mask(Mask)
    /// The pairs of a band that a mask admits too.
    case intersection(Band, Mask)

    /// The pairs j ≤ i + offset.
    public static func causal(offset: Int) -> Region { .band(Band(lowest: nil, highest: offset)) }

    /// The pairs that both regions hold. Bands stay one band.
    /// - Throws: `ShapeError` if both have a mask and these do not fit each other.
    public func intersection(_ other: Region) throws(ShapeError) -> Region {
        switch (self, other) {
        case (.everywhere, let region), (let region, .everywhere): region
        case (.band(let mine), .band(let theirs)): .band(mine.intersection(theirs))
        case (.mask(let mine), .mask(let theirs)): .mask(try mine.intersection(theirs))
        case (.band(let band), .mask(let mask)), (.mask(let mask), .band(let band)): .intersection(band, mask)
        case (.intersection(let band, let mask), let region), (let region, .intersection(let band, let mask)):
            try Region.band(band).intersection(region).intersectionOfMask(mask)
        }
    }

    private func intersectionOfMask(_ mask: Mask) throws(ShapeError) -> Region {
        guard case .intersection(let band, let other) = self else { return try intersection(.mask(mask)) }
        return .intersection(band, try other.intersection(mask))
    }

    /// The band that this region is, if it is one that holds any pair.
    package var band: Band? {
        switch self {
        case .everywhere: Band(lowest: nil, highest: nil)
        case .band(let band): band.isEmpty ? nil : band
        case .mask, .intersection: nil
        }
    }

    /// This region cut to the memory's lengths as an explicit mask; nil when it admits everything.
    /// - Throws: `ShapeError` if the region's mask does not fit these counts.
    package func mask(queryCount: Int, keyCount: Int, lengths: [Int]?) throws(ShapeError) -> Mask? {
        let pairs: Mask? =
            switch self {
            case .everywhere: nil
            case .band(let band): band.mask(queryCount: queryCount, keyCount: keyCount)
            case .mask(let mask): mask
            case .intersection(let band, let mask):
                try band.mask(queryCount: queryCount, keyCount: keyCount).intersection(mask)
            }
        let items = lengths.map { Mask(lengths: $0, keyCount: keyCount) }
        guard let items, let pairs else { return items ?? pairs }
        return try pairs.intersection(items)
    }
}

extension Band {
    /// [1, 1, Q, K].
    fileprivate func mask(queryCount: Int, keyCount: Int) -> Mask {
        Mask(
            shape: [1, 1, queryCount, keyCount],
            bytes: (0..<queryCount).flatMap { i in (0..<keyCount).map { contains(i, $0) ? 1 : 0 } })
    }
}

extension Mask {
    /// [B, 1, 1, K]: the first keys of every item, as many as are real.
    fileprivate init(lengths: [Int], keyCount: Int) {
        self.init(
            shape: [lengths.count, 1, 1, keyCount],
            bytes: lengths.flatMap { length in (0..<keyCount).map { $0 < length ? 1 : 0 } })
    }
}

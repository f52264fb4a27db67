public import AttentionTensors

/// The pairs of query i and key j that may meet, said in symbols: what a scope lowers itself to, and what kernels switch over.
///
/// Two facts about a region must agree: `band`, for kernels that need no matrix, and `mask(…)`, for everything else.
public enum Region: Sendable, Hashable {
    /// All pairs.
    case everywhere
    /// The pairs of a diagonal band, the same for all items or each its own.
    case bands(Bands)
    /// The pairs that a mask admits; its shape can be repeated to [B, H, Q, K].
    case mask(Mask)
    /// The pairs of bands that a mask admits too.
    case intersection(Bands, Mask)

    /// The pairs of one band.
    public static func band(_ band: Band) -> Region { .bands(Bands(band)) }

    /// The pairs j ≤ i + offset.
    public static func causal(offset: Int) -> Region { .band(Band(lowest: nil, highest: offset)) }

    /// The pairs that both regions hold. Bands stay one band.
    /// - Throws: `ShapeError` if both have masks, or bands of each item, and these do not fit each other.
    public func intersection(_ other: Region) throws(ShapeError) -> Region {
        switch (self, other) {
        case (.everywhere, let region), (let region, .everywhere): region
        case (.bands(let mine), .bands(let theirs)): .bands(try mine.intersection(theirs))
        case (.mask(let mine), .mask(let theirs)): .mask(try mine.intersection(theirs))
        case (.bands(let bands), .mask(let mask)), (.mask(let mask), .bands(let bands)): .intersection(bands, mask)
        case (.intersection(let bands, let mask), let region), (let region, .intersection(let bands, let mask)):
            try Region.bands(bands).intersection(region).intersectionOfMask(mask)
        }
    }

    private func intersectionOfMask(_ mask: Mask) throws(ShapeError) -> Region {
        guard case .intersection(let bands, let other) = self else { return try intersection(.mask(mask)) }
        return .intersection(bands, try other.intersection(mask))
    }

    /// The band that this region is, if it is one for all items that holds any pair.
    package var band: Band? {
        switch self {
        case .everywhere: Band(lowest: nil, highest: nil)
        case .bands(let bands): bands.shared.flatMap { $0.isEmpty ? nil : $0 }
        case .mask, .intersection: nil
        }
    }

    /// This region cut to the memory's lengths as an explicit mask; nil when it admits everything.
    /// - Throws: `ShapeError` if the region's mask does not fit these counts.
    package func mask(queryCount: Int, keyCount: Int, lengths: [Int]?) throws(ShapeError) -> Mask? {
        let pairs: Mask? =
            switch self {
            case .everywhere: nil
            case .bands(let bands): bands.mask(queryCount: queryCount, keyCount: keyCount)
            case .mask(let mask): mask
            case .intersection(let bands, let mask):
                try bands.mask(queryCount: queryCount, keyCount: keyCount).intersection(mask)
            }
        let items = lengths.map { Mask(lengths: $0, keyCount: keyCount) }
        guard let items, let pairs else { return items ?? pairs }
        return try pairs.intersection(items)
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

internal import AttentionTensors

/// The band of pairs of each item of a batch, or one for all: items whose queries stand at different positions see different bands.
public struct Bands: Sendable, Hashable {
    /// One for each item, or one alone.
    let items: [Band]

    /// One band for all items.
    public init(_ band: Band) { items = [band] }

    /// A band for each item.
    public init(items: [Band]) { self.items = items }

    /// All pairs.
    static var everywhere: Bands { Bands(Band(lowest: nil, highest: nil)) }

    /// The band of an item.
    subscript(item: Int) -> Band { items[items.count == 1 ? 0 : item] }

    /// The band that all items share; nil if they differ.
    var shared: Band? { items.count == 1 ? items[0] : nil }

    /// The pairs that both hold, item by item.
    /// - Throws: `ShapeError` if they are for batches of different sizes.
    func intersection(_ other: Bands) throws(ShapeError) -> Bands {
        let count = max(items.count, other.items.count)
        try require(
            [1, count].contains(items.count) && [1, count].contains(other.items.count), "intersection",
            expected: "bands for \(items.count) items", found: "\(other.items.count)")
        return Bands(items: (0..<count).map { self[$0].intersection(other[$0]) })
    }

    /// [B or 1, 1, Q, K].
    func mask(queryCount: Int, keyCount: Int) -> Mask {
        Mask(
            shape: [items.count, 1, queryCount, keyCount],
            bytes: items.flatMap { band in
                (0..<queryCount).flatMap { i in (0..<keyCount).map { band.contains(i, $0) ? 1 : 0 } }
            })
    }
}

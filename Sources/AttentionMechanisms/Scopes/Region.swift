public import AttentionTensors

/// The pairs of query i and key j that may meet, said in symbols: what a scope lowers itself to, and what kernels switch over.
public enum Region: Sendable, Hashable {
    /// All pairs.
    case everywhere
    /// j ≤ i + offset.
    case causal(offset: Int)
    /// The pairs that a mask [B|1, H|1, Q|1, K] admits.
    case mask(Mask)

    /// The band i + offset − left ≤ j ≤ i + offset + right that this region is, if it is one.
    var band: Band? {
        switch self {
        case .everywhere: Band(offset: 0, left: nil, right: nil)
        case .causal(let offset): Band(offset: offset, left: nil, right: 0)
        case .mask: nil
        }
    }

    /// This region cut to the memory's lengths as an explicit mask; nil when it admits everything.
    func mask(queryCount: Int, keyCount: Int, lengths: [Int]?) -> Mask? {
        let items = lengths.map { lengths in
            Mask(
                shape: [lengths.count, 1, 1, keyCount],
                bytes: lengths.flatMap { length in (0..<keyCount).map { $0 < length ? 1 : 0 } })
        }
        let pairs: Mask? =
            switch self {
            case .everywhere: nil
            case .causal(let offset):
                Mask(
                    shape: [1, 1, queryCount, keyCount],
                    bytes: (0..<queryCount).flatMap { i in (0..<keyCount).map { j in j <= i + offset ? 1 : 0 } })
            case .mask(let mask): mask
            }
        guard let items, let pairs else { return items ?? pairs }
        return pairs.intersection(items)
    }
}

/// i + offset − left ≤ j ≤ i + offset + right; nil leaves a side open.
struct Band: Sendable, Hashable {
    let offset: Int
    let left: Int?
    let right: Int?
}

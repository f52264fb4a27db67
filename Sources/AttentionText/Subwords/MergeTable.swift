/// The merges of byte-pair encoding, the earliest learnt first: what a pair of neighbours becomes.
///
/// A hash table over the pairs of ids.
struct MergeTable: Sendable {
    /// How early a merge was learnt, and what it makes.
    struct Merge {
        let rank: Int32
        let id: Int32
    }

    /// The left and the right one of each merge.
    private var parts: [Int32] = []
    /// What each merge makes.
    private var ids: [Int32] = []
    private var slots = HashSlots()

    /// None.
    init() {}

    /// - Parameters:
    ///   - parts: the left and the right one of each merge, the earliest learnt first. A pair that comes again is learnt anew.
    ///   - ids: what each becomes.
    init(_ parts: [Int32], becoming ids: [Int32]) {
        (self.parts, self.ids) = (parts, ids)
        fillSlots(capacity: ids.count)
    }

    var count: Int { ids.count }

    /// What a pair of neighbours becomes, if they merge. Complexity: expected O(1).
    @inline(__always)
    subscript(left: Int32, right: Int32) -> Merge? {
        slots[place(left, right)].map { Merge(rank: Int32(truncatingIfNeeded: $0), id: ids[$0]) }
    }

    /// Adds the merge that is learnt next. A pair that is here already is learnt anew.
    mutating func insert(_ left: Int32, _ right: Int32, becoming id: Int32) {
        if count == slots.capacity { fillSlots(capacity: 2 * count) }
        parts.append(left)
        parts.append(right)
        ids.append(id)
        slots.put(count - 1, Self.hash(left, right), at: place(left, right))
    }

    /// All pairs, the earliest learnt first.
    var pairs: [(left: Int32, right: Int32)] {
        ids.indices.compactMap { rank in
            let (left, right) = (parts[2 * rank], parts[2 * rank + 1])
            return slots[place(left, right)] == rank ? (left, right) : nil
        }
    }

    private mutating func fillSlots(capacity: Int) {
        let parts = parts
        slots = HashSlots(
            capacity: capacity, count: ids.count, hash: { Self.hash(parts[2 * $0], parts[2 * $0 + 1]) },
            areAlike: { parts[2 * $0] == parts[2 * $1] && parts[2 * $0 + 1] == parts[2 * $1 + 1] },
            superseding: { _ in })
    }

    /// The slot of a pair.
    @inline(__always)
    private func place(_ left: Int32, _ right: Int32) -> Int {
        slots.place(Self.hash(left, right)) { parts[2 * $0] == left && parts[2 * $0 + 1] == right }
    }

    @inline(__always)
    private static func hash(_ left: Int32, _ right: Int32) -> UInt64 {
        let pair = UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
        return ByteHash.mixed(ByteHash.mixed(pair))
    }
}

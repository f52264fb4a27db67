/// The merges of byte-pair encoding, the earliest learnt first: what a pair of neighbours becomes.
///
/// A hash table with open addressing over the pairs of ids.
struct MergeTable: Sendable {
    /// How early a merge was learnt, and what it makes.
    struct Merge {
        let rank: Int32
        let id: Int32
    }

    private struct Slot {
        /// `left << 32 | right`; all bits in a free slot.
        var key: UInt64
        var merge: Merge

        static let free = Slot(key: .max, merge: Merge(rank: 0, id: 0))
        var isFree: Bool { key == .max }
    }

    private(set) var count = 0
    /// The count is a power of two.
    private var slots: [Slot]

    init(capacity: Int = 0) {
        var slotCount = 16
        while slotCount < 2 * capacity { slotCount *= 2 }
        slots = Array(repeating: .free, count: slotCount)
    }

    /// What a pair of neighbours becomes, if they merge. Complexity: expected O(1).
    @inline(__always)
    subscript(left: Int32, right: Int32) -> Merge? {
        let slot = slots[place(of: Self.key(left, right))]
        return slot.isFree ? nil : slot.merge
    }

    /// Adds the merge that is learnt next. A pair that is here already is learnt anew.
    mutating func insert(_ left: Int32, _ right: Int32, becoming id: Int32) {
        if 2 * count >= slots.count { grow() }
        let key = Self.key(left, right)
        slots[place(of: key)] = Slot(key: key, merge: Merge(rank: Int32(truncatingIfNeeded: count), id: id))
        count += 1
    }

    /// All pairs, the earliest learnt first.
    var pairs: [(left: Int32, right: Int32)] {
        slots.filter { !$0.isFree }.sorted { $0.merge.rank < $1.merge.rank }.map { slot in
            (Int32(truncatingIfNeeded: slot.key >> 32), Int32(truncatingIfNeeded: slot.key))
        }
    }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: .free, count: 2 * old.count)
        for slot in old where !slot.isFree { slots[place(of: slot.key)] = slot }
    }

    @inline(__always)
    private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    }

    /// The slot that holds `key`, or the free one where it belongs.
    @inline(__always)
    private func place(of key: UInt64) -> Int {
        let mask = slots.count - 1
        let hash = key &* 0x9E37_79B9_7F4A_7C15
        var place = Int(truncatingIfNeeded: hash ^ hash >> 32) & mask
        while slots[place].key != key, !slots[place].isFree { place = (place + 1) & mask }
        return place
    }
}

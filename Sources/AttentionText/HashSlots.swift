/// The slots of a hash table with open addressing whose entries lie elsewhere, numbered.
///
/// A slot holds the number of an entry + 1 (0: free) and above it as many bits of the hash as there is room for, so that hardly ever another
/// entry than the right one is looked at. No more than half of the slots are taken.
struct HashSlots: Sendable {
    private var slots: [UInt32]
    /// The base-2 logarithm of their number.
    private let exponent: UInt32

    /// Slots for so many entries.
    init(capacity: Int = 0) {
        exponent = UInt32(max(4, Int.bitWidth - (2 * capacity).leadingZeroBitCount))
        slots = Array(repeating: 0, count: 1 << Int(exponent))
    }

    /// The number of entries that there is room for.
    var capacity: Int { slots.count / 2 }

    /// The entry in a slot.
    @inline(__always)
    subscript(place: Int) -> Int? {
        let number = slots[place] & (1 << exponent - 1)
        return number == 0 ? nil : Int(number) - 1
    }

    /// The slot of the entry with this hash for which `isIt` holds, or the free one where it belongs. Complexity: expected O(1).
    @inline(__always)
    func place(_ hash: UInt64, where isIt: (Int) -> Bool) -> Int {
        var place = first(hash)
        let tag = tag(hash)
        while slots[place] != 0 {
            if (slots[place] ^ tag) >> exponent == 0, let entry = self[place], isIt(entry) { return place }
            place = (place + 1) & (slots.count - 1)
        }
        return place
    }

    /// Puts an entry into the slot that was found for its hash.
    @inline(__always)
    mutating func put(_ entry: Int, _ hash: UInt64, at place: Int) {
        slots[place] = tag(hash) | UInt32(truncatingIfNeeded: entry + 1)
    }

    /// What stands in the slot where the search for a hash begins, 0 if it is free.
    @inline(__always)
    func glance(_ hash: UInt64) -> UInt32 { slots[first(hash)] }

    /// The entry in the slot where the search for a hash begins, −1 if it is free.
    @inline(__always)
    func seen(_ hash: UInt64) -> Int32 { Int32(bitPattern: glance(hash) & (1 << exponent - 1)) - 1 }

    /// The slot where the search for a hash begins.
    @inline(__always)
    func first(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: hash >> UInt64(64 - exponent)) }

    /// Bits of the hash below those that choose the slot.
    @inline(__always)
    private func tag(_ hash: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: hash >> 32) << exponent }
}

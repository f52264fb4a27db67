/// Distinct byte strings, numbered in the order in which they came.
///
/// A hash table with open addressing over one array of bytes: a look-up compares bytes (never canonical equivalence, as
/// `String` does) and allocates nothing.
struct PieceIndex: Sendable {
    private var bytes: [UInt8] = []
    /// Entry `e` is `bytes[starts[e]..<starts[e + 1]]`.
    private var starts = [0]
    /// Entry + 1 in each taken slot, 0 in a free one; the count is a power of two.
    private var slots: [Int32]

    init(capacity: Int = 0) {
        var slotCount = 16
        while slotCount < 2 * capacity { slotCount *= 2 }
        slots = Array(repeating: 0, count: slotCount)
    }

    var count: Int { starts.count - 1 }

    /// The bytes of `entry`.
    subscript(entry: Int) -> ArraySlice<UInt8> {
        bytes[starts[entry]..<starts[entry + 1]]
    }

    /// The number of `piece`, if it is here. Complexity: expected O(length of `piece`).
    func entry(of piece: ArraySlice<UInt8>) -> Int? {
        let slot = slot(of: piece)
        return slots[slot] == 0 ? nil : Int(slots[slot]) - 1
    }

    /// The number of `piece`, which is added if it is not here yet.
    mutating func insert(_ piece: ArraySlice<UInt8>) -> Int {
        let slot = slot(of: piece)
        guard slots[slot] == 0 else { return Int(slots[slot]) - 1 }
        bytes += piece
        starts.append(bytes.count)
        slots[slot] = Int32(count)
        if 2 * count > slots.count { grow() }
        return count - 1
    }

    /// The slot that holds `piece`, or the free one where it belongs.
    private func slot(of piece: ArraySlice<UInt8>) -> Int {
        var hasher = Hasher()
        piece.withUnsafeBytes { hasher.combine(bytes: $0) }
        var slot = hasher.finalize() & (slots.count - 1)
        while slots[slot] != 0, self[Int(slots[slot]) - 1] != piece {
            slot = (slot + 1) & (slots.count - 1)
        }
        return slot
    }

    private mutating func grow() {
        slots = Array(repeating: 0, count: 2 * slots.count)
        for entry in 0..<count {
            slots[slot(of: self[entry])] = Int32(entry + 1)
        }
    }
}

/// Distinct byte strings, numbered in the order in which they came.
///
/// A hash table with open addressing over one array of bytes: a look-up compares bytes (never canonical equivalence, as
/// `String` does) and allocates nothing.
struct PieceIndex: Sendable {
    private var bytes: [UInt8] = []
    /// Entry `e` is `bytes[ends[e - 1]..<ends[e]]`.
    private var ends: [Int32] = []
    /// In each taken slot the lower half of the hash, above the entry + 1; 0 in a free one. The count is a power of two.
    private var slots: [UInt64]
    private var shift: UInt64

    init(capacity: Int = 0) {
        let exponent = max(4, Int.bitWidth - (2 * capacity).leadingZeroBitCount)
        slots = Array(repeating: 0, count: 1 << exponent)
        shift = UInt64(64 - exponent)
        ends.reserveCapacity(capacity)
    }

    var count: Int { ends.count }

    /// The bytes of all entries together.
    var byteCount: Int { bytes.count }

    /// The bytes of `entry`.
    subscript(entry: Int) -> ArraySlice<UInt8> { bytes[range(of: entry)] }

    /// Lends the bytes of all entries, one after another.
    func forEach(_ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        bytes.withUnsafeBufferPointer { bytes in
            var start = 0
            for end in ends {
                body(UnsafeBufferPointer(rebasing: bytes[start..<Int(end)]))
                start = Int(end)
            }
        }
    }

    /// The number of `piece`, if it is here. Complexity: expected O(length of `piece`).
    func entry(of piece: ArraySlice<UInt8>) -> Int? {
        piece.withUnsafeBufferPointer { entry(of: $0, ByteHash($0)) }
    }

    /// The number of the piece with this hash, if it is here.
    @inline(__always)
    func entry(of piece: UnsafeBufferPointer<UInt8>, _ hash: ByteHash) -> Int? {
        let slot = slot(of: piece, hash.value)
        return slots[slot] == 0 ? nil : Self.entry(in: slots[slot])
    }

    /// The number of `piece`, which is added if it is not here yet.
    mutating func insert(_ piece: ArraySlice<UInt8>) -> Int {
        piece.withUnsafeBufferPointer { insert($0) }
    }

    /// The number of `piece`, which is added if it is not here yet.
    mutating func insert(_ piece: UnsafeBufferPointer<UInt8>) -> Int {
        let hash = ByteHash(piece).value
        let slot = slot(of: piece, hash)
        guard slots[slot] == 0 else { return Self.entry(in: slots[slot]) }
        bytes.append(contentsOf: piece)
        ends.append(Int32(bytes.count))
        slots[slot] = hash << 32 | UInt64(count)
        if 2 * count > slots.count { grow() }
        return count - 1
    }

    @inline(__always)
    private func range(of entry: Int) -> Range<Int> { (entry == 0 ? 0 : Int(ends[entry - 1]))..<Int(ends[entry]) }

    private static func entry(in slot: UInt64) -> Int { Int(UInt32(truncatingIfNeeded: slot)) - 1 }

    /// The slot that holds `piece`, or the free one where it belongs.
    @inline(__always)
    private func slot(of piece: UnsafeBufferPointer<UInt8>, _ hash: UInt64) -> Int {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash >> shift)
        while slots[slot] != 0 {
            if slots[slot] >> 32 == hash & 0xFFFF_FFFF, isEntry(Self.entry(in: slots[slot]), piece) { return slot }
            slot = (slot + 1) & mask
        }
        return slot
    }

    @inline(__always)
    private func isEntry(_ entry: Int, _ piece: UnsafeBufferPointer<UInt8>) -> Bool {
        let range = range(of: entry)
        guard range.count == piece.count else { return false }
        return bytes.withUnsafeBufferPointer { bytes in
            for index in 0..<piece.count where bytes[range.lowerBound + index] != piece[index] { return false }
            return true
        }
    }

    private mutating func grow() {
        slots = Array(repeating: 0, count: 2 * slots.count)
        shift -= 1
        for entry in 0..<count {
            self[entry].withUnsafeBufferPointer { piece in
                let hash = ByteHash(piece).value
                slots[slot(of: piece, hash)] = hash << 32 | UInt64(entry + 1)
            }
        }
    }
}

import AttentionFiles

/// Distinct byte strings, numbered in the order in which they came.
///
/// A hash table over one array of bytes: a look-up compares bytes (never canonical equivalence, as `String` does) and allocates nothing.
struct PieceIndex: Sendable {
    private(set) var bytes: [UInt8] = []
    /// Entry `e` is `bytes[ends[e - 1]..<ends[e]]`.
    private(set) var ends: [Int32] = []
    private(set) var slots: HashSlots
    /// Entries that a later one has the bytes of, and which are not found therefore.
    private(set) var superseded: [Int32] = []

    init(capacity: Int = 0) {
        slots = HashSlots(capacity: capacity)
        ends.reserveCapacity(capacity)
    }

    /// The strings of a table as they lie there, numbered by their positions; of those that are alike, the last is found.
    init(_ table: JSONTable) {
        (bytes, ends, slots) = (table.bytes, table.ends, HashSlots())
        fillSlots(capacity: table.ends.count)
    }

    var count: Int { ends.count }

    /// The bytes of `entry`.
    subscript(entry: Int) -> ArraySlice<UInt8> { bytes[range(of: entry)] }

    /// Lends all bytes, and where those of each entry lie, one after another.
    func forEach(_ body: (UnsafeBufferPointer<UInt8>, Range<Int>) -> Void) {
        bytes.withUnsafeBufferPointer { bytes in
            var start = 0
            for end in ends {
                body(bytes, start..<Int(end))
                start = Int(end)
            }
        }
    }

    /// The number of `piece`, if it is here. Complexity: expected O(length of `piece`).
    func entry(of piece: ArraySlice<UInt8>) -> Int? {
        piece.withUnsafeBufferPointer { entry(of: $0, 0..<$0.count) }
    }

    /// The number of these of `bytes`, if they are here.
    @inline(__always)
    func entry(of bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Int? {
        entry(of: bytes, range, hash(of: bytes, range))
    }

    /// The number of these of `bytes`, which have this hash.
    @inline(__always)
    func entry(of bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ hash: UInt64) -> Int? {
        slots[slots.place(hash) { isEntry($0, bytes, range) }]
    }

    /// The number of `piece`, which is added if it is not here yet.
    mutating func insert(_ piece: ArraySlice<UInt8>) -> Int {
        if count == slots.capacity { fillSlots(capacity: 2 * count) }
        return piece.withUnsafeBufferPointer { piece in
            let hash = hash(of: piece, 0..<piece.count)
            let place = slots.place(hash) { isEntry($0, piece, 0..<piece.count) }
            if let entry = slots[place] { return entry }
            bytes.append(contentsOf: piece)
            ends.append(Int32(bytes.count))
            slots.put(count - 1, hash, at: place)
            return count - 1
        }
    }

    /// Whether these of `bytes` are those of `entry`.
    @inline(__always)
    func isEntry(_ entry: Int, _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
        let own = self.range(of: entry)
        guard own.count == range.count else { return false }
        return self.bytes.withUnsafeBufferPointer { $0.equals(own, bytes, from: range.lowerBound) }
    }

    @inline(__always)
    func range(of entry: Int) -> Range<Int> { (entry == 0 ? 0 : Int(ends[entry - 1]))..<Int(ends[entry]) }

    @inline(__always)
    func hash(of bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> UInt64 {
        var hash = ByteHash(bytes, from: range.lowerBound)
        return hash.value(upTo: range.upperBound)
    }

    private mutating func fillSlots(capacity: Int) {
        let index = self
        superseded = []
        index.bytes.withUnsafeBufferPointer { bytes in
            slots = HashSlots(
                capacity: capacity, count: index.count, hash: { index.hash(of: bytes, index.range(of: $0)) },
                areAlike: { index.isEntry($0, bytes, index.range(of: $1)) },
                superseding: { superseded.append(Int32(truncatingIfNeeded: $0)) })
        }
    }
}

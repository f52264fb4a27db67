/// Filling many slots at once: block by block, first memory is asked for all slots of a block, then they are used. One entry after another,
/// each would wait for memory by itself.
extension HashSlots {
    static var blockSize: Int { 64 }

    /// Slots for so many entries, and the first of them put in. Of those that are alike, the last stands in their slot.
    ///
    /// - Parameters:
    ///   - hash: The hash of an entry.
    ///   - areAlike: Whether two entries are.
    ///   - superseding: Takes each entry that a later one takes the slot of.
    @inline(__always)
    init(
        capacity: Int, count: Int, hash: (Int) -> UInt64, areAlike: (Int, Int) -> Bool, superseding: (Int) -> Void
    ) {
        self.init(capacity: capacity)
        var hashes = [UInt64](repeating: 0, count: Self.blockSize)
        var glances = [UInt32](repeating: 0, count: Self.blockSize)
        for start in stride(from: 0, to: count, by: Self.blockSize) {
            let block = 0..<min(Self.blockSize, count - start)
            for place in block { hashes[place] = hash(start + place) }
            for place in block { glances[place] = glance(hashes[place]) }
            for place in block {
                let (entry, hash) = (start + place, hashes[place])
                if glances[place] == 0, putFirst(entry, hash) { continue }
                let slot = self.place(hash) { areAlike($0, entry) }
                if let earlier = self[slot] { superseding(earlier) }
                put(entry, hash, at: slot)
            }
        }
    }

    /// Puts an entry into the slot where the search for its hash begins, if nothing has come there since it was glanced at.
    @inline(__always)
    private mutating func putFirst(_ entry: Int, _ hash: UInt64) -> Bool {
        guard glance(hash) == 0 else { return false }
        put(entry, hash, at: first(hash))
        return true
    }
}

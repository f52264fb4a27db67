/// The tokens of stretches seen before: a hash table with open addressing over arrays that hold the tokens of all.
///
/// It grows with what comes, and begins anew when it is full. Few slots are looked at, so that no choice of texts makes it slow.
struct StretchCache: Sendable {
    /// Longer stretches are not kept.
    static let byteLimit = 64
    private static let leastSlotCount = 1 << 12
    private static let entryLimit = 1 << 17
    private static let tokenLimit = 1 << 20
    private static let probeLimit = 16

    /// Where the bytes and tokens of a stretch are.
    struct Entry {
        let key: Int32
        let keyCount: Int32
        let tokens: Int32
        let tokenCount: Int32
        /// How many segments the stretch is cut into.
        let segmentCount: Int32
        /// How many scalars it has.
        let scalarCount: Int32
        let variant: Int32
    }

    /// For each slot the upper half of the hash, and the entry + 1 (0: free).
    private var slots: [UInt64] = []
    private var entries: [Entry] = []
    private var keys: [UInt8] = []
    /// The ids of the tokens by themselves: most often no more is asked for.
    private var ids: [Int32] = []
    private var tokens: [Token] = []
    /// What tokens that are not spelt as the vocabulary does have their spelling in.
    private var spellings: [String] = []

    /// How many stretches are here.
    var entryCount: Int { entries.count }

    /// The entry of a stretch, if it is here.
    @inline(__always)
    func entry(of stretch: UnsafeBufferPointer<UInt8>, variant: Int32, hash: UInt64) -> Entry? {
        guard !slots.isEmpty else { return nil }
        var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        for _ in 0..<Self.probeLimit {
            let found = slots[slot]
            if found == 0 { return nil }
            if found >> 32 == hash >> 32 {
                let entry = entries[Int(found & 0xFFFF_FFFF) - 1]
                if entry.variant == variant, Int(entry.keyCount) == stretch.count, isKey(of: entry, stretch) {
                    return entry
                }
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    @inline(__always)
    private func isKey(of entry: Entry, _ stretch: UnsafeBufferPointer<UInt8>) -> Bool {
        keys.withUnsafeBufferPointer { keys in
            for index in 0..<stretch.count where keys[Int(entry.key) + index] != stretch[index] { return false }
            return true
        }
    }

    /// Calls `body` with what is kept of `entry`.
    @inline(__always)
    func withTokens(of entry: Entry, _ body: (StretchEncoder.Stretch) -> Void) {
        let range = Int(entry.tokens)..<Int(entry.tokens + entry.tokenCount)
        ids.withUnsafeBufferPointer { ids in
            tokens.withUnsafeBufferPointer { tokens in
                spellings.withUnsafeBufferPointer { spellings in
                    body(
                        StretchEncoder.Stretch(
                            ids: UnsafeBufferPointer(rebasing: ids[range]),
                            tokens: UnsafeBufferPointer(rebasing: tokens[range]), spellings: spellings,
                            segmentCount: entry.segmentCount, scalarCount: entry.scalarCount))
                }
            }
        }
    }

    /// Keeps the tokens of a stretch that is not here.
    mutating func insert(
        _ stretch: UnsafeBufferPointer<UInt8>, variant: Int32, hash: UInt64, _ encoded: EncodedStretch
    ) {
        let newTokens = encoded.tokens
        guard stretch.count <= Self.byteLimit else { return }
        if entries.count == Self.entryLimit || tokens.count + newTokens.count > Self.tokenLimit {
            self = StretchCache()
        }
        if 2 * entries.count >= slots.count { grow() }
        guard take(hash, for: entries.count + 1) else { return }
        entries.append(
            Entry(
                key: Int32(keys.count), keyCount: Int32(stretch.count), tokens: Int32(tokens.count),
                tokenCount: Int32(newTokens.count), segmentCount: encoded.segmentCount,
                scalarCount: encoded.scalarCount,
                variant: variant))
        keys.append(contentsOf: stretch)
        ids.append(contentsOf: newTokens.lazy.map(\.id))
        for var token in newTokens {
            if token.spelling >= 0 { token.spelling += Int32(spellings.count) }
            tokens.append(token)
        }
        spellings += encoded.spellings
    }

    /// Puts the number of an entry into a slot for its hash; false if those that are looked at are all taken.
    private mutating func take(_ hash: UInt64, for number: Int) -> Bool {
        var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        for _ in 0..<Self.probeLimit {
            if slots[slot] == 0 {
                slots[slot] = (hash >> 32) << 32 | UInt64(number)
                return true
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        return false
    }

    private mutating func grow() {
        slots = Array(repeating: 0, count: max(Self.leastSlotCount, 2 * slots.count))
        for (index, entry) in entries.enumerated() {
            let key = keys[Int(entry.key)..<Int(entry.key + entry.keyCount)]
            // One that finds no slot will come again.
            _ = take(key.withUnsafeBufferPointer { Self.hash(of: $0, variant: entry.variant) }, for: index + 1)
        }
    }

    @inline(__always)
    static func hash(of stretch: UnsafeBufferPointer<UInt8>, variant: Int32) -> UInt64 {
        var hash = ByteHash(stretch, from: 0, seed: UInt64(truncatingIfNeeded: variant))
        return hash.value(upTo: stretch.count)
    }
}

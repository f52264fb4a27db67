/// The compiled character map of a SentencePiece model: which texts become which, found by a trie.
///
/// The file's form: the size of the trie in bytes (32 bits, little end first), the units of a double-array trie (32 bits
/// each), and the replacements, each ended by a zero byte. Source: Yata, Darts-clone (the layout of a unit).
struct CharacterMap: Sendable {
    /// The map as it stands in the file.
    let bytes: [UInt8]
    private let units: [UInt32]
    private let replacements: [UInt8]

    /// `nil` if `bytes` are not such a map.
    init?(_ bytes: [UInt8]) {
        guard bytes.count >= 4 else { return nil }
        func word(_ index: Int) -> UInt32 {
            (0..<4).reduce(0) { $0 | UInt32(bytes[4 * index + $1]) << UInt32(8 * $1) }
        }
        let size = Int(word(0))
        guard size % 4 == 0, size > 0, 4 + size <= bytes.count else { return nil }
        self.bytes = bytes
        units = (1...size / 4).map(word)
        replacements = Array(bytes[(4 + size)...])
    }

    /// The texts in the map that `key` begins with: length and replacement of the first (shortest) or last (longest).
    func prefix(of key: some Sequence<UInt8>, longest: Bool) -> (length: Int, replacement: ArraySlice<UInt8>)? {
        var found: (length: Int, value: Int)?
        var node = offset(units[0])
        var length = 0
        for byte in key {
            if byte == 0 { break }
            node ^= Int(byte)
            guard node < units.count, units[node] & 0x8000_00FF == UInt32(byte) else { break }
            let unit = units[node]
            length += 1
            node ^= offset(unit)
            if unit >> 8 & 1 == 1, node < units.count {
                found = (length, Int(units[node] & 0x7FFF_FFFF))
                if !longest { break }
            }
        }
        return found.flatMap { found in replacement(at: found.value).map { (found.length, $0) } }
    }

    private func offset(_ unit: UInt32) -> Int {
        Int(unit >> 10) << Int((unit & 0x200) >> 6)
    }

    private func replacement(at start: Int) -> ArraySlice<UInt8>? {
        guard start < replacements.count else { return nil }
        return replacements[start..<(replacements[start...].firstIndex(of: 0) ?? replacements.count)]
    }
}

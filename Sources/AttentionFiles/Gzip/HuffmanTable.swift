/// A prefix code as a lookup table: the next bits of the input index an entry that holds the symbol and the bits used.
///
/// Codes longer than the index go through a second table behind the first, chosen by their first bits. Source:
/// RFC 1951, section 3.2.2, for the codes; the two-level table is the usual way to look them up.
struct HuffmanTable {
    /// One table entry: the symbol above bit 8 and the count of bits below it. Zero marks a code that no symbol has;
    /// the top bit marks a reference to a second table, with its offset above bit 8 and its index size below.
    private typealias Entry = UInt32

    private static let referenceMark: Entry = 1 << 31
    private static let maximumLength = 15

    private var entries: [Entry]
    private let indexSize: Int

    /// Builds the table of the canonical code with these code lengths (0 for a symbol without code).
    ///
    /// A code may be incomplete only when it has one symbol, of length 1, or none: a block that uses a single distance,
    /// or no distance at all, is written so.
    init?(lengths: some Collection<UInt8>, indexSize: Int) {
        var counts = [Int](repeating: 0, count: Self.maximumLength + 1)
        for length in lengths { counts[Int(length)] += 1 }
        counts[0] = 0
        let longest = counts.lastIndex { $0 > 0 } ?? 0
        guard Self.isUsable(counts, longest: longest) else { return nil }

        self.indexSize = indexSize
        entries = [Entry](repeating: 0, count: 1 << indexSize)
        var nextCodes = Self.firstCodes(counts)
        for (symbol, length) in lengths.enumerated() where length > 0 {
            let code = nextCodes[Int(length)]
            nextCodes[Int(length)] += 1
            insert(symbol, code: Self.reversed(code, length: Int(length)), length: Int(length), longest: longest)
        }
    }

    /// Takes the symbol whose code comes next; the last ``BitReader/refill()`` must cover 15 bits.
    @inline(__always)
    func read(from bits: inout BitReader) throws(GzipError) -> Int {
        let low = Int(truncatingIfNeeded: bits.buffer)
        var entry = entries[low & ((1 &<< indexSize) &- 1)]
        if entry & Self.referenceMark != 0 {
            let offset = Int((entry & ~Self.referenceMark) >> 8)
            let size = Int(entry & 0xFF)
            entry = entries[offset &+ ((low &>> indexSize) & ((1 &<< size) &- 1))]
        }
        bits.consume(Int(entry & 0xFF))
        guard entry != 0, !bits.isExhausted else { throw bits.error(.unusedCode) }
        return Int(entry >> 8)
    }

    /// Whether codes of these counts fit, and leave nothing unused where that is required.
    private static func isUsable(_ counts: [Int], longest: Int) -> Bool {
        var free = 1
        for length in 1...maximumLength {
            free = 2 * free - counts[length]
            if free < 0 { return false }
        }
        return free == 0 || longest <= 1
    }

    private static func firstCodes(_ counts: [Int]) -> [Int] {
        var codes = [Int](repeating: 0, count: maximumLength + 1)
        for length in 1...maximumLength {
            codes[length] = (codes[length - 1] + counts[length - 1]) << 1
        }
        return codes
    }

    /// Codes are written from their highest bit, everything else from its lowest.
    private static func reversed(_ code: Int, length: Int) -> Int {
        var (reversed, rest) = (0, code)
        for _ in 0..<length {
            reversed = reversed << 1 | rest & 1
            rest >>= 1
        }
        return reversed
    }

    /// Writes a code into every entry whose index starts with it.
    private mutating func insert(_ symbol: Int, code: Int, length: Int, longest: Int) {
        let entry = Entry(symbol << 8 | length)
        if length <= indexSize {
            for index in stride(from: code, to: 1 << indexSize, by: 1 << length) { entries[index] = entry }
            return
        }
        let size = longest - indexSize
        let prefix = code & (1 << indexSize - 1)
        if entries[prefix] == 0 {
            entries[prefix] = Self.referenceMark | Entry(entries.count << 8 | size)
            entries += repeatElement(0, count: 1 << size)
        }
        let offset = Int((entries[prefix] & ~Self.referenceMark) >> 8)
        for index in stride(from: code >> indexSize, to: 1 << size, by: 1 << (length - indexSize)) {
            entries[offset + index] = entry
        }
    }
}

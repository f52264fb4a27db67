/// The two prefix codes of a deflate block, and the reading of symbols by them.
///
/// Source: RFC 1951, sections 3.2.5 and 3.2.6.
struct InflateCodes {
    private let literals: HuffmanTable
    private let distances: HuffmanTable

    init?(literalLengths: ArraySlice<UInt8>, distanceLengths: ArraySlice<UInt8>) {
        guard let literals = HuffmanTable(lengths: literalLengths, indexSize: 10),
            let distances = HuffmanTable(lengths: distanceLengths, indexSize: 8)
        else { return nil }
        self.literals = literals
        self.distances = distances
    }

    /// The codes of blocks that bring none of their own; 288 literal and length codes, of which the last two, like
    /// the last two of 32 distance codes, complete the code and stand for nothing.
    static let fixed: InflateCodes? = {
        let literals = [(144, 8), (112, 9), (24, 7), (8, 8)].flatMap { [UInt8](repeating: $0.1, count: $0.0) }
        return InflateCodes(literalLengths: literals[...], distanceLengths: [UInt8](repeating: 5, count: 32)[...])
    }()

    /// Reads literals and matches while there is room for the longest match; true at the end of the block.
    ///
    /// - Parameter start: Matches may not reach back before this byte of the output.
    func readSymbols(
        from bits: inout BitReader, to output: inout InflatedBytes, since start: Int
    ) throws(GzipError) -> Bool {
        var position = output.count
        defer { output.count = position }
        var bytes = output.storage.mutableSpan
        while position + InflatedBytes.spareCount <= bytes.count {
            bits.refill()
            let symbol = try literals.read(from: &bits)
            if symbol < 256 {
                bytes[position] = UInt8(truncatingIfNeeded: symbol)
                position += 1
                continue
            }
            if symbol == 256 { return true }
            guard symbol < 286 else { throw bits.error(.unusedCode) }
            let length = Self.lengths[symbol - 257].value(from: &bits)
            let distanceSymbol = try distances.read(from: &bits)
            guard distanceSymbol < 30 else { throw bits.error(.unusedCode) }
            let distance = Self.distanceValues[distanceSymbol].value(from: &bits)
            guard distance <= position - start, !bits.isExhausted else { throw bits.error(.distance) }
            for index in position..<position + length { bytes[index] = bytes[index - distance] }
            position += length
        }
        return false
    }
}

extension InflateCodes {
    /// What a length or distance symbol stands for: a base to which a field of extra bits is added.
    struct BaseAndExtra {
        let base: Int
        let extraBitCount: Int

        @inline(__always)
        func value(from bits: inout BitReader) -> Int { base + bits.take(extraBitCount) }
    }

    /// 3…258: eight lengths alone, then groups of four with one extra bit more each; the last is 258 alone.
    static let lengths =
        values(from: 3, count: 28, alone: 8, groupSize: 4) + [BaseAndExtra(base: 258, extraBitCount: 0)]

    /// 1…32768: four distances alone, then groups of two with one extra bit more each.
    static let distanceValues = values(from: 1, count: 30, alone: 4, groupSize: 2)

    private static func values(from first: Int, count: Int, alone: Int, groupSize: Int) -> [BaseAndExtra] {
        var base = first
        return (0..<count).map { index in
            let extraBitCount = index < alone ? 0 : (index - alone) / groupSize + 1
            defer { base += 1 << extraBitCount }
            return BaseAndExtra(base: base, extraBitCount: extraBitCount)
        }
    }
}

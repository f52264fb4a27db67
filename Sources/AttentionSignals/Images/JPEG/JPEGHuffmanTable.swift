/// A prefix code of a JPEG file: which symbol has which bits (T.81, annex C; figure F.16).
struct JPEGHuffmanTable {
    private static let indexSize = 9

    /// For each beginning of 9 bits: the length above bit 8 and the symbol below; 0 if the code is longer.
    private var short = [UInt16](repeating: 0, count: 1 << indexSize)
    /// For each length, the first number of 16 bits behind its codes.
    private var ends = [Int](repeating: 0, count: 17)
    /// For each length: what a code is less than the place of its symbol.
    private var offsets = [Int](repeating: 0, count: 17)
    private let symbols: [UInt8]

    /// - Parameter counts: How many codes there are of 1 to 16 bits.
    /// - Returns: nil if the codes do not fit.
    init?(counts: [Int], symbols: [UInt8]) {
        self.symbols = symbols
        var (code, place) = (0, 0)
        for length in 1...16 {
            let count = counts[length - 1]
            guard code + count <= 1 << length, place + count <= symbols.count else { return nil }
            offsets[length] = place - code
            if length <= Self.indexSize {
                let spare = Self.indexSize - length
                for index in 0..<count {
                    let entry = UInt16(length) << 8 | UInt16(symbols[place + index])
                    let first = (code + index) << spare
                    for beginning in first..<first + (1 << spare) { short[beginning] = entry }
                }
            }
            (code, place) = (code + count, place + count)
            ends[length] = code << (16 - length)
            code <<= 1
        }
    }

    /// Takes the symbol whose code comes next; 0 if none has these bits, which libjpeg takes for one, too.
    @inline(__always)
    func read(from bits: inout JPEGBits) -> Int {
        bits.fill()
        let next = bits.peek(16)
        let entry = short[next >> (16 - Self.indexSize)]
        if entry != 0 {
            bits.skip(Int(entry >> 8))
            return Int(entry & 0xFF)
        }
        return readLong(next, from: &bits)
    }

    private func readLong(_ next: Int, from bits: inout JPEGBits) -> Int {
        for length in Self.indexSize + 1...16 where next < ends[length] {
            bits.skip(length)
            return Int(symbols[(next >> (16 - length)) + offsets[length]])
        }
        bits.fail()
        return 0
    }
}

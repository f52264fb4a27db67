/// Decompression of deflate data.
///
/// Source: RFC 1951. Names follow it: a block is stored as it is, or coded with fixed or with dynamic codes; a match
/// repeats `length` bytes from `distance` bytes back.
struct Inflate {
    private let bytes: [UInt8]
    private var bits: BitReader
    /// Where the present stream's output begins: matches may not reach back before it.
    private var start = 0
    /// The contents of all streams read so far.
    private(set) var output: InflatedBytes

    /// Prepares to decompress streams found in `bytes` into at most `limit` bytes.
    init(_ bytes: [UInt8], limit: Int) {
        self.bytes = bytes
        bits = BitReader(bytes, from: 0)
        output = InflatedBytes(expecting: 4 * bytes.count, limit: limit)
    }

    /// Decompresses the stream that starts at `offset` and returns the offset of the byte after it.
    mutating func readStream(from offset: Int) throws(GzipError) -> Int {
        bits = BitReader(bytes, from: offset)
        start = output.count
        try readBlocks()
        return bits.byteOffset
    }

    /// The contents of all streams.
    consuming func finish() throws(GzipError) -> [UInt8] {
        try output.finish()
    }

    private mutating func readBlocks() throws(GzipError) {
        var isLast = false
        while !isLast {
            isLast = try bits.read(1) == 1
            switch try bits.read(2) {
            case 0: try readStoredBlock()
            case 1: try readSymbols(.fixed)
            case 2: try readSymbols(readDynamicCodes())
            default: throw bits.error(.reservedBlockType)
            }
        }
    }

    private mutating func readStoredBlock() throws(GzipError) {
        bits.alignToByte()
        let length = try bits.read(16)
        let complement = try bits.read(16)
        guard length ^ complement == 0xFFFF else { throw bits.error(.storedLength) }
        bits.alignToByte()
        try bits.copy(length, to: &output)
    }

    private mutating func readSymbols(_ codes: InflateCodes?) throws(GzipError) {
        guard let codes else { throw bits.error(.codeLengths) }
        while try !codes.readSymbols(from: &bits, to: &output, since: start) { try output.grow() }
    }
}

extension Inflate {
    /// The order in which the lengths of the code length code are written: the likely ones first.
    private static let codeLengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

    private mutating func readDynamicCodes() throws(GzipError) -> InflateCodes? {
        let literalCount = try bits.read(5) + 257
        let distanceCount = try bits.read(5) + 1
        let codeLengthCount = try bits.read(4) + 4
        guard literalCount <= 286, distanceCount <= 30 else { throw bits.error(.codeCounts) }

        var codeLengthLengths = [UInt8](repeating: 0, count: Self.codeLengthOrder.count)
        for symbol in Self.codeLengthOrder.prefix(codeLengthCount) {
            codeLengthLengths[symbol] = UInt8(try bits.read(3))
        }
        guard let codeLengthCode = HuffmanTable(lengths: codeLengthLengths, indexSize: 7) else {
            throw bits.error(.codeLengths)
        }
        let lengths = try readCodeLengths(count: literalCount + distanceCount, code: codeLengthCode)
        guard lengths[256] > 0 else { throw bits.error(.missingEndOfBlock) }
        return InflateCodes(literalLengths: lengths[..<literalCount], distanceLengths: lengths[literalCount...])
    }

    private mutating func readCodeLengths(count: Int, code: HuffmanTable) throws(GzipError) -> [UInt8] {
        var lengths: [UInt8] = []
        while lengths.count < count {
            bits.refill()
            switch try code.read(from: &bits) {
            case 16:
                guard let previous = lengths.last else { throw bits.error(.repeatedLength) }
                lengths += repeatElement(previous, count: 3 + bits.take(2))
            case 17: lengths += repeatElement(0, count: 3 + bits.take(3))
            case 18: lengths += repeatElement(0, count: 11 + bits.take(7))
            case let length: lengths.append(UInt8(length))
            }
            guard !bits.isExhausted else { throw .truncated(byteCount: bits.byteOffset) }
        }
        guard lengths.count == count else { throw bits.error(.repeatedLength) }
        return lengths
    }
}

/// How the coefficients of a block are read: all at once, or bit by bit in several scans (T.81, sections F.2 and G.2).
///
/// `block` has its 64 coefficients in rows, not in zigzag order. Damaged data may make numbers too large; they are cut to 16 bits.
struct JPEGBlocks {
    typealias Block = UnsafeMutableBufferPointer<Int16>

    /// The place in the block of each coefficient in zigzag order (figure A.6).
    static let zigzag: [UInt8] = [
        0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14,
        21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53,
        60, 61, 54, 47, 55, 62, 63,
    ]

    var bits: JPEGBits
    let scan: JPEGScan
    let places: UnsafeBufferPointer<UInt8>
    /// The last first coefficient of each component.
    var predictions = [Int](repeating: 0, count: 4)
    /// How many blocks still have nothing in this part.
    private var emptyCount = 0

    init(bits: JPEGBits, scan: JPEGScan, places: UnsafeBufferPointer<UInt8>) {
        (self.bits, self.scan, self.places) = (bits, scan, places)
    }

    /// Begins anew behind a restart marker.
    mutating func restart(_ number: Int) -> Bool {
        predictions = [Int](repeating: 0, count: 4)
        emptyCount = 0
        return bits.restart(number)
    }

    /// All coefficients of a block.
    @inline(__always)
    mutating func readAll(_ block: Block, _ component: Int, _ direct: JPEGHuffmanTable, _ alternating: JPEGHuffmanTable)
    {
        let size = direct.read(from: &bits)
        predictions[component] &+= bits.takeSigned(min(size, 15))
        block[0] = Int16(truncatingIfNeeded: predictions[component])
        var index = 1
        while index < 64 {
            let symbol = alternating.read(from: &bits)
            let (run, size) = (symbol >> 4, symbol & 15)
            if size == 0 {
                if run < 15 { break }
                index += 16
                continue
            }
            index += run
            let value = bits.takeSigned(size)
            if index > 63 { return bits.fail() }
            block[Int(places[index])] = Int16(truncatingIfNeeded: value)
            index += 1
        }
    }

    /// The first bits of the first coefficient.
    mutating func readFirst(_ block: Block, _ component: Int, _ direct: JPEGHuffmanTable) {
        let size = direct.read(from: &bits)
        predictions[component] &+= bits.takeSigned(min(size, 15))
        block[0] = Int16(truncatingIfNeeded: predictions[component] << scan.low)
    }

    /// One more bit of the first coefficient.
    mutating func refineFirst(_ block: Block) {
        if bits.takeBit() == 1 { block[0] |= 1 << Int16(scan.low) }
    }

    /// The first bits of the other coefficients.
    mutating func readOthers(_ block: Block, _ alternating: JPEGHuffmanTable) {
        if emptyCount > 0 {
            emptyCount -= 1
            return
        }
        var index = scan.first
        while index <= scan.last {
            let symbol = alternating.read(from: &bits)
            let (run, size) = (symbol >> 4, symbol & 15)
            if size == 0 {
                if run < 15 {
                    emptyCount = (1 << run) + bits.take(run) - 1
                    return
                }
                index += 16
                continue
            }
            index += run
            let value = bits.takeSigned(size)
            if index > 63 { return bits.fail() }
            block[Int(places[index])] = Int16(truncatingIfNeeded: value << scan.low)
            index += 1
        }
    }

    /// One more bit of the other coefficients: of those that are not 0 by a bit each, of the others by codes.
    mutating func refineOthers(_ block: Block, _ alternating: JPEGHuffmanTable) {
        var index = scan.first
        if emptyCount == 0 {
            while index <= scan.last {
                let symbol = alternating.read(from: &bits)
                let (run, size) = (symbol >> 4, symbol & 15)
                var value: Int16 = 0
                if size == 0 {
                    if run < 15 {
                        emptyCount = (1 << run) + bits.take(run)
                        break
                    }
                } else {
                    value = bits.takeBit() == 1 ? 1 << Int16(scan.low) : -1 << Int16(scan.low)
                }
                index = refine(block, from: index, skipping: run)
                if value != 0 {
                    if index > 63 { return bits.fail() }
                    block[Int(places[index])] = value
                }
                index += 1
            }
        }
        if emptyCount > 0 {
            _ = refine(block, from: index, skipping: 64)
            emptyCount -= 1
        }
    }

    /// Refines what is not 0, up to the zero behind `count` others; where that is.
    private mutating func refine(_ block: Block, from start: Int, skipping count: Int) -> Int {
        var (index, rest) = (start, count)
        while index <= scan.last {
            let place = Int(places[index])
            if block[place] == 0 {
                if rest == 0 { break }
                rest -= 1
            } else if bits.takeBit() == 1, block[place] & (1 << Int16(scan.low)) == 0 {
                block[place] &+= block[place] > 0 ? 1 << Int16(scan.low) : -1 << Int16(scan.low)
            }
            index += 1
        }
        return index
    }
}

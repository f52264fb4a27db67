extension JPEGDecoder {
    /// Reads the blocks of a scan, whose data begin at `start`; where they end.
    mutating func readData(of scan: JPEGScan, _ frame: JPEGFrame, from start: Int) throws(SignalError) -> Int {
        let tables = try tables(of: scan, frame)
        let units = JPEGUnits(scan, frame)
        let interval = restartInterval
        let end: Int? = fields.bytes.withUnsafeBufferPointer { bytes in
            JPEGBlocks.zigzag.withUnsafeBufferPointer { places in
                coefficients.withUnsafeMutableBufferPointer { coefficients in
                    var blocks = JPEGBlocks(bits: JPEGBits(bytes, from: start), scan: scan, places: places)
                    for unit in 0..<units.count {
                        if interval > 0, unit > 0, unit % interval == 0, !blocks.restart((unit / interval - 1) % 8) {
                            return nil
                        }
                        for block in units.blocks {
                            let offset = units.offset(of: block, in: unit)
                            let place = UnsafeMutableBufferPointer(rebasing: coefficients[offset..<offset + 64])
                            let (direct, alternating) = tables[block.part]
                            blocks.read(place, block.part, direct, alternating, isProgressive: frame.isProgressive)
                        }
                        if blocks.bits.isExhausted { return nil }
                    }
                    return blocks.bits.position
                }
            }
        }
        guard let end else {
            throw fields.malformed("whole data of a scan behind byte \(start)", found: "damaged ones")
        }
        return end
    }

    /// The codes of each part of the scan.
    private func tables(
        of scan: JPEGScan, _ frame: JPEGFrame
    ) throws(SignalError) -> [(direct: JPEGHuffmanTable, alternating: JPEGHuffmanTable)] {
        // A code of nothing stands for one that the scan does not use.
        guard let empty = JPEGHuffmanTable(counts: [Int](repeating: 0, count: 16), symbols: []) else { return [] }
        var tables: [(direct: JPEGHuffmanTable, alternating: JPEGHuffmanTable)] = []
        for part in scan.parts {
            let needsDirect = scan.first == 0 && scan.high == 0
            guard let direct = needsDirect ? direct[part.direct] : empty,
                let alternating = scan.last > 0 ? alternating[part.alternating] : empty
            else { throw fields.malformed("the codes of a scan before it", found: "none") }
            tables.append((direct, alternating))
        }
        return tables
    }
}

extension JPEGBlocks {
    /// What this scan says of a block.
    @inline(__always)
    fileprivate mutating func read(
        _ block: Block, _ part: Int, _ direct: JPEGHuffmanTable, _ alternating: JPEGHuffmanTable, isProgressive: Bool
    ) {
        if !isProgressive { return readAll(block, part, direct, alternating) }
        switch (scan.first == 0, scan.high == 0) {
        case (true, true): readFirst(block, part, direct)
        case (true, false): refineFirst(block)
        case (false, true): readOthers(block, alternating)
        case (false, false): refineOthers(block, alternating)
        }
    }
}

/// In which order the blocks of a scan come: unit by unit if components are mixed, else row by row (T.81, section A.2).
struct JPEGUnits {
    /// One block of a unit: whose it is, and where it lies in the unit.
    struct Block {
        let part: Int
        let component: JPEGFrame.Component
        let (x, y): (Int, Int)
        /// How many blocks of the component a unit has, across and down.
        let (across, down): (Int, Int)
    }

    let blocks: [Block]
    private let columns: Int
    let count: Int

    init(_ scan: JPEGScan, _ frame: JPEGFrame) {
        if scan.parts.count == 1, let part = scan.parts.first {
            let component = frame.components[part.component]
            blocks = [Block(part: 0, component: component, x: 0, y: 0, across: 1, down: 1)]
            (columns, count) = (component.columns, component.columns * component.rows)
        } else {
            blocks = scan.parts.enumerated().flatMap { index, part in
                let component = frame.components[part.component]
                return (0..<component.across * component.down).map { number in
                    Block(
                        part: index, component: component, x: number % component.across, y: number / component.across,
                        across: component.across, down: component.down)
                }
            }
            (columns, count) = (frame.unitColumns, frame.unitColumns * frame.unitRows)
        }
    }

    /// Where the coefficients of a block of this unit begin.
    @inline(__always)
    func offset(of block: Block, in unit: Int) -> Int {
        let (row, column) = unit.quotientAndRemainder(dividingBy: columns)
        let (y, x) = (row * block.down + block.y, column * block.across + block.x)
        return block.component.offset + 64 * (y * block.component.storedColumns + x)
    }
}

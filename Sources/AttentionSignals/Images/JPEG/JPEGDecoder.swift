/// Reads the segments of a JPEG file, gathers the coefficients of all scans, and makes a picture of them.
struct JPEGDecoder {
    let fields: ByteFields
    private let limit: Int
    private var quantization = [[UInt16]?](repeating: nil, count: 4)
    private(set) var direct = [JPEGHuffmanTable?](repeating: nil, count: 4)
    private(set) var alternating = [JPEGHuffmanTable?](repeating: nil, count: 4)
    /// After how many units a restart marker comes; 0 for never.
    private(set) var restartInterval = 0
    private var colors = JPEGColors()
    private var orientation = Orientation.upright
    private var frame: JPEGFrame?
    /// The steps of each component, as they were when its first scan came.
    private var steps: [[UInt16]?] = []
    /// The coefficients of all blocks, component by component, row by row.
    var coefficients: [Int16] = []

    /// More scans than any picture has: each goes through all blocks, however little it says of them.
    private static let scanLimit = 256

    init(_ bytes: [UInt8], limit: Int) {
        (fields, self.limit) = (ByteFields(bytes, "jpeg", .bigEndian), limit)
    }

    /// The picture, once all segments are read.
    mutating func image() throws(SignalError) -> Image {
        guard JPEG.isOne(fields.bytes) else { throw fields.malformed("the mark of a JPEG file", found: "other bytes") }
        var (place, scanCount) = (2, 0)
        while true {
            place = fields.bytes.withUnsafeBufferPointer { JPEGBits.marker(in: $0, from: place) }
            guard place + 1 < fields.count else { break }
            let marker = Int(fields.bytes[place + 1])
            place += 2
            if marker == JPEGMarker.end { return try finished() }
            if JPEGMarker.standsAlone(marker) { continue }
            let size = try fields.short(place)
            guard size >= 2 else { throw fields.malformed("segments of 2 bytes or more", found: "\(size)") }
            try fields.check(place, size)
            if marker == JPEGMarker.scan {
                scanCount += 1
                place = try readScan(at: place, size: size, count: scanCount)
            } else {
                try read(marker, at: place + 2, size: size - 2)
                place += size
            }
        }
        // Without its end marker a picture may still be whole, unless more scans could come.
        if let frame, !frame.isProgressive, steps.allSatisfy({ $0 != nil }) { return try finished() }
        throw fields.malformed("an end marker", found: "the end after \(fields.count) bytes")
    }

    private mutating func read(_ marker: Int, at place: Int, size: Int) throws(SignalError) {
        let body = fields.bytes[place..<place + size]
        switch marker {
        case JPEGMarker.quantization: try readQuantization(at: place, size: size)
        case JPEGMarker.huffmanTables: try readHuffmanTables(at: place, size: size)
        case JPEGMarker.restartInterval:
            guard size >= 2 else { throw fields.malformed("a restart interval of 2 bytes", found: "\(size)") }
            restartInterval = try fields.short(place)
        case JPEGMarker.jfif: if fields.has("JFIF", at: place), size >= 5 { colors.isJFIF = true }
        case JPEGMarker.adobe:
            if fields.has("Adobe", at: place), size >= 12 { colors.adobe = try fields.byte(place + 11) }
        case JPEGMarker.exif:
            if fields.has("Exif", at: place), size > 6 { orientation = Orientation(exif: body.dropFirst(6)) }
        case JPEGMarker.frames: try readFrame(at: place, size: size, marker: marker)
        case let marker where JPEGMarker.otherFrames.contains(marker):
            throw .unsupported(
                operation: "jpeg", expected: "a baseline, extended or progressive picture with Huffman codes",
                found: "a frame of kind \(marker - 0xC0)", wayOut: "convert it to PNG, or to an ordinary JPEG file")
        default: break
        }
    }

    private mutating func readFrame(at place: Int, size: Int, marker: Int) throws(SignalError) {
        guard frame == nil else { throw fields.malformed("one frame", found: "a second") }
        let frame = try JPEGFrame(fields, at: place, size: size, marker: marker, limit: limit)
        // Each block takes a bit at the least.
        guard frame.coefficientCount / 64 <= 8 * fields.count else {
            throw fields.malformed(
                "data for \(frame.width) by \(frame.height) pixels", found: "\(fields.count) bytes")
        }
        self.frame = frame
        steps = [[UInt16]?](repeating: nil, count: frame.components.count)
        coefficients = [Int16](repeating: 0, count: frame.coefficientCount)
    }

    /// Reads a scan and its data; where they end.
    private mutating func readScan(at place: Int, size: Int, count: Int) throws(SignalError) -> Int {
        guard let frame else { throw fields.malformed("a frame before its scans", found: "none") }
        guard count <= Self.scanLimit else {
            throw fields.malformed("at most \(Self.scanLimit) scans", found: "more")
        }
        let scan = try JPEGScan(fields, at: place + 2, size: size - 2, frame: frame)
        for part in scan.parts where steps[part.component] == nil {
            let number = frame.components[part.component].quantizationTable
            guard number < 4, let table = quantization[number] else {
                throw fields.malformed("quantization table \(number) before the scan", found: "none")
            }
            steps[part.component] = table
        }
        return try readData(of: scan, frame, from: place + size)
    }

    private func finished() throws(SignalError) -> Image {
        guard let frame else { throw fields.malformed("a picture before the end", found: "none") }
        var planes: [JPEGPlane] = []
        for (component, steps) in zip(frame.components, steps) {
            guard let steps else {
                throw fields.malformed("scans of all components", found: "none of number \(component.identifier)")
            }
            let plane = JPEGPlane(component, coefficients, steps)
            planes.append(plane.spread(to: frame, from: component))
        }
        return orientation.applied(to: try colors.image(of: planes, frame))
    }
}

extension JPEGDecoder {
    /// Steps of 8 or 16 bits in zigzag order (section B.2.4.1).
    private mutating func readQuantization(at start: Int, size: Int) throws(SignalError) {
        var place = start
        while place < start + size {
            let kind = try fields.byte(place)
            let (width, number) = ((kind >> 4) + 1, kind & 15)
            guard width <= 2, number < 4, place + 1 + 64 * width <= start + size else {
                throw fields.malformed("64 steps of 8 or 16 bits", found: "\(start + size - place - 1) bytes")
            }
            var table = [UInt16](repeating: 0, count: 64)
            for index in 0..<64 {
                let step = place + 1 + index * width
                table[Int(JPEGBlocks.zigzag[index])] = UInt16(
                    width == 1 ? try fields.byte(step) : try fields.short(step))
            }
            quantization[number] = table
            place += 1 + 64 * width
        }
    }

    /// Codes by how many there are of each length, and their symbols (section B.2.4.2).
    private mutating func readHuffmanTables(at start: Int, size: Int) throws(SignalError) {
        var place = start
        while place < start + size {
            try fields.check(place, 17)
            let kind = try fields.byte(place)
            let counts = fields.bytes[place + 1..<place + 17].map { Int($0) }
            let (count, symbols) = (counts.reduce(0, +), place + 17)
            guard kind >> 4 < 2, kind & 15 < 4, count <= 256, symbols + count <= start + size,
                let table = JPEGHuffmanTable(
                    counts: counts, symbols: Array(fields.bytes[symbols..<symbols + count]))
            else { throw fields.malformed("a table of codes that fit", found: "kind \(kind) with \(count) codes") }
            if kind >> 4 == 0 { direct[kind & 15] = table } else { alternating[kind & 15] = table }
            place = symbols + count
        }
    }
}

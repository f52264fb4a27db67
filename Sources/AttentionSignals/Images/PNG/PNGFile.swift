internal import AttentionFiles

/// The chunks of a PNG file that say what its pixels are, each checked against its checksum (section 5).
struct PNGFile {
    let header: PNGHeader
    /// Red, green and blue of each colour of the palette.
    private(set) var palette: [UInt8] = []
    /// What is transparent: an alpha for each colour of the palette, or one colour of 16-bit samples.
    private(set) var transparency: [UInt8]?
    private(set) var orientation = Orientation.upright
    /// The compressed lines, put together.
    private(set) var data: [UInt8] = []

    init(_ bytes: [UInt8], limit: Int) throws(SignalError) {
        let fields = ByteFields(bytes, "png", .bigEndian)
        guard PNG.isOne(bytes) else { throw fields.malformed("the mark of a PNG file", found: "other bytes") }
        var place = PNG.mark.count
        let first = try Self.length(fields, at: place)
        guard fields.has("IHDR", at: place + 4) else {
            throw fields.malformed("IHDR as the first chunk", found: "another")
        }
        header = try PNGHeader(fields, at: place + 8, length: first, limit: limit)
        place += 12 + first
        while true {
            let length = try Self.length(fields, at: place)
            if fields.has("IEND", at: place + 4) { break }
            try take(fields, at: place, body: bytes[place + 8..<place + 8 + length])
            place += 12 + length
        }
        guard !data.isEmpty else { throw fields.malformed("compressed lines in chunks IDAT", found: "none") }
        guard header.color != .palette || !palette.isEmpty else {
            throw fields.malformed("a palette", found: "none")
        }
    }

    /// How long the chunk at `place` is, whose checksum is right.
    private static func length(_ fields: ByteFields, at place: Int) throws(SignalError) -> Int {
        let length = try fields.word(place)
        try fields.check(place + 4, length + 8)
        let (expected, found) = (
            try fields.word(place + 8 + length),
            Int(CRC32.checksum(of: fields.bytes.span.extracting(place + 4..<place + 8 + length)))
        )
        guard expected == found else {
            throw fields.malformed(
                "the checksum \(String(expected, radix: 16)) for the chunk at byte \(place)",
                found: String(found, radix: 16))
        }
        return length
    }

    private mutating func take(
        _ fields: ByteFields, at place: Int, body: ArraySlice<UInt8>
    ) throws(SignalError) {
        if fields.has("IDAT", at: place + 4) {
            data += body
        } else if fields.has("PLTE", at: place + 4) {
            guard body.count % 3 == 0, 3...768 ~= body.count else {
                throw fields.malformed("a palette of 1 to 256 colours", found: "\(body.count) bytes")
            }
            palette = Array(body)
        } else if fields.has("tRNS", at: place + 4) {
            transparency = try transparency(fields, body)
        } else if fields.has("eXIf", at: place + 4) {
            orientation = Orientation(exif: body)
        } else if fields.bytes[place + 4] & 0x20 == 0 {
            // A chunk that one cannot do without has a capital letter first.
            throw fields.malformed("the chunks IHDR, PLTE, IDAT and IEND", found: "another that the picture needs")
        }
    }

    private func transparency(_ fields: ByteFields, _ body: ArraySlice<UInt8>) throws(SignalError) -> [UInt8]? {
        let expected: ClosedRange<Int>
        switch header.color {
        case .grey: expected = 2...2
        case .rgb: expected = 6...6
        case .palette: expected = 0...256
        case .greyAlpha, .rgba: return nil  // forbidden, and without meaning
        }
        guard expected.contains(body.count) else {
            throw fields.malformed("\(expected.upperBound) bytes of transparency", found: "\(body.count)")
        }
        return Array(body)
    }
}

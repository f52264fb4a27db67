/// What the chunk IHDR says (section 11.2.1).
struct PNGHeader {
    enum Color: Int {
        case grey = 0
        case rgb = 2
        case palette = 3
        case greyAlpha = 4
        case rgba = 6
    }

    let width: Int
    let height: Int
    let depth: Int
    let color: Color
    let isInterlaced: Bool

    /// How many samples a pixel is stored with.
    var sampleCount: Int {
        switch color {
        case .grey, .palette: 1
        case .greyAlpha: 2
        case .rgb: 3
        case .rgba: 4
        }
    }

    init(_ fields: ByteFields, at place: Int, length: Int, limit: Int) throws(SignalError) {
        guard length == 13 else { throw fields.malformed("an IHDR of 13 bytes", found: "\(length)") }
        (width, height) = (try fields.word(place), try fields.word(place + 4))
        try Image.check(width: width, height: height, limit: limit, for: "png")
        depth = try fields.byte(place + 8)
        let number = try fields.byte(place + 9)
        guard let color = Color(rawValue: number), Self.depths(of: color).contains(depth) else {
            throw fields.malformed(
                "a colour type of 0, 2, 3, 4 or 6 in a depth it may have", found: "\(number) of \(depth) bits")
        }
        self.color = color
        let (compression, filter, interlacing) = (
            try fields.byte(place + 10), try fields.byte(place + 11), try fields.byte(place + 12)
        )
        guard compression == 0, filter == 0, interlacing <= 1 else {
            throw fields.malformed(
                "compression 0, filter method 0 and interlacing 0 or 1",
                found: "\(compression), \(filter) and \(interlacing)")
        }
        isInterlaced = interlacing == 1
    }

    private static func depths(of color: Color) -> [Int] {
        switch color {
        case .grey: [1, 2, 4, 8, 16]
        case .palette: [1, 2, 4, 8]
        case .rgb, .greyAlpha, .rgba: [8, 16]
        }
    }
}

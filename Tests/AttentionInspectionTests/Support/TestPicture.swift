import AttentionInspection

/// Pictures as PNG files hold them, whose pixels nobody looks at.
enum TestPicture {
    /// What stands for compressed lines.
    static let lines: [UInt8] = [0x78, 0x01, 0xAB, 0xCD, 0xEF]

    /// A PNG file of 8 bits a sample; its sums are not those of its chunks.
    ///
    /// - Parameters:
    ///   - colour: as PNG counts types of colour: 0 grey, 2 red, green and blue, 3 a palette, 6 with transparency.
    ///   - more: chunks before the lines.
    static func png(
        width: Int, height: Int, colour: UInt8 = 0, interlacing: UInt8 = 0, more: [(String, [UInt8])] = []
    ) -> [UInt8] {
        func word(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }
        func chunk(_ name: String, _ bytes: [UInt8]) -> [UInt8] {
            word(bytes.count) + Array(name.utf8) + bytes + word(0)
        }
        let mark: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        let header = word(width) + word(height) + [8, colour, 0, 0, interlacing]
        // The lines in two pieces, as files have them.
        let chunks: [(String, [UInt8])] =
            [("IHDR", header)] + more + [
                ("IDAT", Array(lines.prefix(2))), ("IDAT", Array(lines.dropFirst(2))), ("IEND", []),
            ]
        return mark + chunks.flatMap { chunk($0.0, $0.1) }
    }

    static func traced(
        rows: Int, columns: Int, order: TracedPicture.RowOrder = .downwards, seconds: Double? = nil, colour: UInt8 = 0,
        width: Int = 40, height: Int = 60
    ) throws -> TracedPicture {
        try TracedPicture(
            png: png(width: width, height: height, colour: colour), rowCount: rows, columnCount: columns,
            rowOrder: order, seconds: seconds)
    }
}

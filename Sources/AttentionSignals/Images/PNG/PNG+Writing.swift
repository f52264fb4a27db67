internal import AttentionFiles

extension PNG {
    /// A PNG file of 8 bits a sample. Each line is filtered in the way that leaves the smallest differences.
    ///
    /// - Complexity: O(pixels).
    public static func bytes(of image: Image) -> [UInt8] {
        let color: PNGHeader.Color =
            switch image.channels {
            case .grey: .grey
            case .greyAlpha: .greyAlpha
            case .rgb: .rgb
            case .rgba: .rgba
            }
        var header = word(image.width) + word(image.height)
        header += [8, UInt8(color.rawValue), 0, 0, 0]
        return mark + chunk("IHDR", header) + chunk("IDAT", Zlib.compress(lines(of: image))) + chunk("IEND", [])
    }

    private static func word(_ value: Int) -> [UInt8] {
        withUnsafeBytes(of: UInt32(truncatingIfNeeded: value).bigEndian) { Array($0) }
    }

    private static func chunk(_ name: String, _ body: [UInt8]) -> [UInt8] {
        let named = Array(name.utf8) + body
        return word(body.count) + named + word(Int(CRC32.checksum(of: named.span)))
    }

    private static func lines(of image: Image) -> [UInt8] {
        let (size, distance) = (image.width * image.channels.rawValue, image.channels.rawValue)
        var lines: [UInt8] = []
        lines.reserveCapacity((size + 1) * image.height)
        var above = [UInt8](repeating: 0, count: size)
        for row in 0..<image.height {
            let line = Array(image.samples[row * size..<(row + 1) * size])
            let filtered = (0..<3).map { ($0, differences(line, above, distance, filter: $0)) }
            guard let (filter, best) = filtered.min(by: { cost($0.1) < cost($1.1) }) else { continue }
            lines.append(UInt8([0, 2, 4][filter]))
            lines += best
            above = line
        }
        return lines
    }

    /// The line as it is (0), less the one above (1), or less Paeth's guess (2).
    private static func differences(
        _ line: [UInt8], _ above: [UInt8], _ distance: Int, filter: Int
    ) -> [UInt8] {
        switch filter {
        case 0: return line
        case 1: return line.indices.map { line[$0] &- above[$0] }
        default:
            return line.indices.map { index in
                let left = index < distance ? 0 : Int16(line[index - distance])
                let corner = index < distance ? 0 : Int16(above[index - distance])
                return line[index] &- UInt8(PNGFilter.nearest(left, Int16(above[index]), corner))
            }
        }
    }

    private static func cost(_ differences: [UInt8]) -> Int {
        differences.reduce(0) { $0 + abs(Int(Int8(bitPattern: $1))) }
    }
}

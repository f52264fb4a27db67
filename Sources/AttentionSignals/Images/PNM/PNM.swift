/// Binary PGM (P5) and PPM (P6) files: a header in words, then the samples.
///
/// Source: the pages pgm(5) and ppm(5) of Netpbm.
public enum PNM {
    /// Whether bytes begin as such a file does.
    public static func isOne(_ bytes: [UInt8]) -> Bool {
        bytes.starts(with: Array("P5".utf8)) || bytes.starts(with: Array("P6".utf8))
    }

    /// The picture that `bytes` hold. Samples of another range than 0 … 255 are brought to it, rounded to the nearest.
    ///
    /// - Parameter limit: The most pixels it may have.
    /// - Throws: ``SignalError`` if they are no such file, a part of one, or the picture is too large.
    public static func image(from bytes: [UInt8], limit: Int = Image.pixelLimit) throws(SignalError) -> Image {
        let fields = ByteFields(bytes, "pnm", .bigEndian)
        guard isOne(bytes) else { throw fields.malformed("P5 or P6 at the beginning", found: "other bytes") }
        let channels: Image.Channels = bytes[1] == UInt8(ascii: "5") ? .grey : .rgb
        var place = 2
        let (width, height) = (try number(fields, &place), try number(fields, &place))
        let largest = try number(fields, &place)
        guard 1...65535 ~= largest else {
            throw fields.malformed("a largest sample of 1 to 65535", found: "\(largest)")
        }
        try Image.check(width: width, height: height, limit: limit, for: "pnm")
        place += 1  // one white space
        let (count, size) = (width * height * channels.rawValue, largest < 256 ? 1 : 2)
        try fields.check(place, count * size)
        var samples = Array(bytes[place..<place + count])
        if largest != 255 {
            for index in 0..<count {
                let start = place + index * size
                let value = size == 1 ? Int(bytes[start]) : Int(bytes[start]) << 8 | Int(bytes[start + 1])
                samples[index] = UInt8((min(value, largest) * 255 + largest / 2) / largest)
            }
        }
        return Image(unchecked: samples, width, height, channels)
    }

    /// The next number of the header, behind white space and comments.
    private static func number(_ fields: ByteFields, _ place: inout Int) throws(SignalError) -> Int {
        var (byte, isComment) = (try fields.byte(place), false)
        while isComment || !digits.contains(byte) {
            if byte == Int(UInt8(ascii: "#")) { isComment = true }
            if byte == 10 || byte == 13 { isComment = false }
            guard isComment || [9, 10, 11, 12, 13, 32].contains(byte) else {
                throw fields.malformed("a number at byte \(place) of the header", found: "the byte \(byte)")
            }
            place += 1
            byte = try fields.byte(place)
        }
        var value = 0
        while digits.contains(byte) {
            value = value * 10 + byte - 48
            guard value <= Int(Int32.max) else { throw fields.malformed("a number of 31 bits", found: "a larger one") }
            place += 1
            byte = try fields.byte(place)
        }
        return value
    }

    private static let digits = 48...57
}

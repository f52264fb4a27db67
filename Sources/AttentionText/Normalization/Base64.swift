/// Bytes as text (RFC 4648, section 4).
enum Base64 {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 0xFF, count: 256)
        for (value, digit) in digits.enumerated() { values[Int(digit)] = UInt8(value) }
        return values
    }()

    /// The bytes of `text`, `nil` if it is not in base 64.
    static func decode(_ text: String) -> [UInt8]? {
        var text = text
        return text.withUTF8(decode)
    }

    private static func decode(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        let values = Self.values
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3 + 2)
        var buffer: UInt32 = 0
        var count = 0
        for character in text where character != UInt8(ascii: "=") {
            let value = values[Int(character)]
            if value == 0xFF { return nil }
            buffer = buffer << 6 | UInt32(value)
            count += 1
            if count % 4 == 0 {
                bytes.append(UInt8(buffer >> 16 & 0xFF))
                bytes.append(UInt8(buffer >> 8 & 0xFF))
                bytes.append(UInt8(buffer & 0xFF))
            }
        }
        switch count % 4 {
        case 0: return bytes
        case 2: return bytes + [UInt8(buffer >> 4 & 0xFF)]
        case 3: return bytes + [UInt8(buffer >> 10 & 0xFF), UInt8(buffer >> 2 & 0xFF)]
        default: return nil
        }
    }

    static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let buffer = (0..<3).reduce(UInt32(0)) { $0 << 8 | UInt32($1 < group.count ? group[start + $1] : 0) }
            for position in 0..<4 {
                let digit = digits[Int(buffer >> UInt32(18 - 6 * position) & 63)]
                text.append(position <= group.count ? digit : UInt8(ascii: "="))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}

/// The alphabet of RFC 4648, section 4.
private let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

extension [UInt8] {
    /// The bytes in the alphabet of RFC 4648, section 4, filled up with `=`.
    var base64: String {
        var text: [UInt8] = []
        text.reserveCapacity((count + 2) / 3 * 4)
        for start in stride(from: 0, to: count, by: 3) {
            let bytes = self[start..<Swift.min(start + 3, count)]
            let bits = (0..<3).reduce(0) { $0 << 8 | ($1 < bytes.count ? Int(bytes[start + $1]) : 0) }
            for place in 0..<4 {
                let isFilled = place > bytes.count
                text.append(isFilled ? UInt8(ascii: "=") : alphabet[bits >> (18 - 6 * place) & 63])
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes that such a text holds; nil if it is none, or is not filled up.
    init?(base64 text: String) {
        let characters = Array(text.utf8)
        let end = characters.lastIndex { $0 != UInt8(ascii: "=") }.map { $0 + 1 } ?? 0
        guard characters.count % 4 == 0, characters.count - end <= 2 else { return nil }
        var values = [UInt8?](repeating: nil, count: 256)
        for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
        self.init()
        reserveCapacity(characters.count / 4 * 3)
        var (bits, bitCount) = (0, 0)
        for character in characters[..<end] {
            guard let value = values[Int(character)] else { return nil }
            (bits, bitCount) = ((bits << 6 | Int(value)) & 0xFFFF, bitCount + 6)
            guard bitCount >= 8 else { continue }
            bitCount -= 8
            append(UInt8(truncatingIfNeeded: bits >> bitCount))
        }
    }
}

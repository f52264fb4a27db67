extension [UInt8] {
    /// The bytes in the alphabet of RFC 4648, section 4, filled up with `=`.
    var base64: String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
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
}

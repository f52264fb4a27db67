extension Sequence<UInt8> {
    /// The bytes in letters, three in four (RFC 4648, section 4).
    var base64: String {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var (text, buffer, bitCount): ([UInt8], Int, Int) = ([], 0, 0)
        for byte in self {
            (buffer, bitCount) = (buffer << 8 | Int(byte), bitCount + 8)
            while bitCount >= 6 {
                bitCount -= 6
                text.append(letters[buffer >> bitCount & 63])
            }
            buffer &= 1 << bitCount - 1
        }
        if bitCount > 0 { text.append(letters[buffer << (6 - bitCount) & 63]) }
        while text.count % 4 != 0 { text.append(UInt8(ascii: "=")) }
        return String(decoding: text, as: UTF8.self)
    }
}

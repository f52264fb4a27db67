extension JSONParser {
    /// Reads a string, whose opening quote is next.
    mutating func string() throws(JSONError) -> String {
        position += 1
        let start = position
        if try skipPlain() { return try text(start..<position - 1) }
        var unescaped = Array(bytes[start..<position])
        while true {
            position += 1
            unescaped += try escape().utf8
            let start = position
            let isWhole = try skipPlain()
            unescaped += bytes[start..<(isWhole ? position - 1 : position)]
            guard isWhole else { continue }
            guard let text = String(validating: unescaped, as: UTF8.self) else { throw notText }
            return text
        }
    }

    /// Goes on to what ends a stretch of plain characters: behind a closing quote (true), or before a backslash (false).
    private mutating func skipPlain() throws(JSONError) -> Bool {
        position = plainEnd(from: position)
        guard position < bytes.count else { throw error(expecting: "a closing quote") }
        guard current >= 0x20 else { throw error(expecting: "a control character to be escaped") }
        return skip("\"")
    }

    private func text(_ range: Range<Int>) throws(JSONError) -> String {
        let part = UnsafeBufferPointer(rebasing: bytes[range])
        guard let text = String(validating: part, as: UTF8.self) else { throw notText }
        return text
    }

    private var notText: JSONError {
        .malformed(byte: position - 1, expected: "a string in UTF-8", found: "bytes that are not")
    }

    /// Reads what follows a backslash.
    private mutating func escape() throws(JSONError) -> Unicode.Scalar {
        let byte = current
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return letter(Unicode.Scalar(byte))
        case UInt8(ascii: "b"): return letter("\u{8}")
        case UInt8(ascii: "f"): return letter("\u{C}")
        case UInt8(ascii: "n"): return letter("\n")
        case UInt8(ascii: "r"): return letter("\r")
        case UInt8(ascii: "t"): return letter("\t")
        case UInt8(ascii: "u"):
            position += 1
            return try codePoint()
        default: throw error(expecting: "one of \" \\ / b f n r t u after a backslash")
        }
    }

    private mutating func letter(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        position += 1
        return scalar
    }

    /// Reads the four digits after `\u`, and the second half of a surrogate pair after a first one.
    private mutating func codePoint() throws(JSONError) -> Unicode.Scalar {
        var code = try codeUnit()
        if 0xD800..<0xDC00 ~= code, skip("\\"), skip("u") {
            let low = try codeUnit()
            guard 0xDC00..<0xE000 ~= low else { throw halfPair }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw halfPair }
        return scalar
    }

    private var halfPair: JSONError {
        .malformed(byte: position, expected: "a pair of surrogates", found: "half of one")
    }

    private mutating func codeUnit() throws(JSONError) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = Character(Unicode.Scalar(current)).hexDigitValue else {
                throw error(expecting: "four hexadecimal digits")
            }
            code = code << 4 + UInt32(digit)
            position += 1
        }
        return code
    }
}

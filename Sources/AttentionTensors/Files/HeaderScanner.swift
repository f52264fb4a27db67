/// Reads the JSON of a safetensors header, which knows only objects, arrays, strings and counts (RFC 8259; anything else is refused).
struct HeaderScanner {
    private let bytes: [UInt8]
    private let source: String
    private var position = 0

    /// A scanner at the start of `bytes`, which must be UTF-8; errors speak of `source`.
    init(_ bytes: [UInt8], source: String) throws(SafetensorsError) {
        self.bytes = bytes
        self.source = source
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw .malformed(source: source, expected: "a header in UTF-8", found: "bytes that are not")
        }
    }

    /// Reads `{"key": …, …}`; `member` reads the value of each key. A key may stand once.
    mutating func object(
        _ member: (inout HeaderScanner, _ key: String) throws(SafetensorsError) -> Void
    ) throws(SafetensorsError) {
        var keys: Set<String> = []
        try list(from: "{", to: "}") { (scanner) throws(SafetensorsError) in
            let key = try scanner.string()
            guard keys.insert(key).inserted else { throw scanner.error("each name once", found: "\(key) twice") }
            try scanner.expect(":")
            try member(&scanner, key)
        }
    }

    /// Reads `[1, 2, …]`.
    mutating func counts() throws(SafetensorsError) -> [Int] {
        var result: [Int] = []
        try list(from: "[", to: "]") { (scanner) throws(SafetensorsError) in result.append(try scanner.count()) }
        return result
    }

    /// Reads a string, resolving its escapes.
    mutating func string() throws(SafetensorsError) -> String {
        try expect("\"")
        var characters: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: characters, as: UTF8.self)
            case UInt8(ascii: "\\"): characters += String(try escape()).utf8
            case 0..<0x20: throw error("escaped control characters", found: "byte \(byte) in a string")
            default: characters.append(byte)
            }
        }
        throw error("the end of a string", found: "the end of the header")
    }

    /// Expects nothing but spaces from here on.
    mutating func end() throws(SafetensorsError) {
        guard next() == nil else { throw error("the end of the header", found: found) }
    }

    /// The error that something else was expected somewhere before the present position.
    func error(_ expected: String, found: String) -> SafetensorsError {
        .malformed(source: source, expected: "\(expected) before byte \(position) of the header", found: found)
    }
}

extension HeaderScanner {
    private mutating func list(
        from opening: Unicode.Scalar, to closing: Unicode.Scalar,
        _ element: (inout HeaderScanner) throws(SafetensorsError) -> Void
    ) throws(SafetensorsError) {
        try expect(opening)
        if next() == UInt8(ascii: closing) {
            position += 1
            return
        }
        while true {
            try element(&self)
            guard next() == UInt8(ascii: ",") else { return try expect(closing) }
            position += 1
        }
    }

    private mutating func count() throws(SafetensorsError) -> Int {
        var result: Int?
        _ = next()
        while position < bytes.count, let digit = Self.digit(bytes[position]), digit < 10 {
            let (tens, overflow) = (result ?? 0).multipliedReportingOverflow(by: 10)
            let (sum, carry) = tens.addingReportingOverflow(digit)
            guard !overflow, !carry, result != 0 else { throw error("a count", found: "too large a number") }
            result = sum
            position += 1
        }
        guard let result else { throw error("a count", found: found) }
        return result
    }

    /// The next byte that is no space; nil at the end.
    private mutating func next() -> UInt8? {
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): position += 1
            default: return bytes[position]
            }
        }
        return nil
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(SafetensorsError) {
        guard next() == UInt8(ascii: character) else { throw error("\(character)", found: found) }
        position += 1
    }

    private var found: String {
        position < bytes.count ? "byte \(bytes[position])" : "the end of the header"
    }

    private mutating func escape() throws(SafetensorsError) -> Unicode.Scalar {
        guard position < bytes.count else { throw error("an escape", found: found) }
        let letter = Unicode.Scalar(bytes[position])
        position += 1
        switch letter {
        case "\"", "\\", "/": return letter
        case "b": return "\u{8}"
        case "f": return "\u{c}"
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "u": return try codePoint()
        default: throw error("an escape", found: "\\\(letter)")
        }
    }

    /// Reads the four digits after `\u`, and the second half of a surrogate pair after a first one.
    private mutating func codePoint() throws(SafetensorsError) -> Unicode.Scalar {
        var value = try codeUnit()
        if 0xD800..<0xDC00 ~= value, bytes[position...].starts(with: "\\u".utf8) {
            position += 2
            let low = try codeUnit()
            guard 0xDC00..<0xE000 ~= low else { throw error("a surrogate pair", found: "half of one") }
            value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(value) else { throw error("a surrogate pair", found: "half of one") }
        return scalar
    }

    private mutating func codeUnit() throws(SafetensorsError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard position < bytes.count, let digit = Self.digit(bytes[position]) else {
                throw error("four hexadecimal digits", found: found)
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }

    private static func digit(_ byte: UInt8) -> Int? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "A")...UInt8(ascii: "F"): Int(byte - UInt8(ascii: "A")) + 10
        case UInt8(ascii: "a")...UInt8(ascii: "f"): Int(byte - UInt8(ascii: "a")) + 10
        default: nil
        }
    }
}

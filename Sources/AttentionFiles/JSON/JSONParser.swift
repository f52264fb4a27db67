/// Reads a JSON document (RFC 8259) from UTF-8 bytes.
///
/// Complexity: linear in the number of bytes. Nesting is limited, so that no input can exhaust the stack.
package struct JSONParser {
    private static let depthLimit = 128

    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0

    /// The value in `bytes`, which must hold nothing else.
    ///
    /// - Throws: `JSONError` with the byte at which reading stopped.
    package static func parse(_ bytes: [UInt8]) throws(JSONError) -> JSONValue {
        var parser = JSONParser(bytes: bytes)
        let value = try parser.value()
        parser.skipSpace()
        guard parser.position == bytes.count else { throw parser.error(expecting: "the end of the document") }
        return value
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private var current: UInt8? {
        position < bytes.count ? bytes[position] : nil
    }

    private func error(expecting expected: String) -> JSONError {
        JSONError(byte: position, expected: expected)
    }

    private mutating func skipSpace() {
        while let byte = current, byte == 0x20 || (0x09...0x0D).contains(byte) && byte != 0x0B && byte != 0x0C {
            position += 1
        }
    }

    private mutating func value() throws(JSONError) -> JSONValue {
        skipSpace()
        switch current {
        case UInt8(ascii: "{"): return try nested { parser throws(JSONError) in try parser.object() }
        case UInt8(ascii: "["): return try nested { parser throws(JSONError) in try parser.array() }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return .number(try number())
        }
    }

    private mutating func nested(
        _ read: (inout JSONParser) throws(JSONError) -> JSONValue
    ) throws(JSONError) -> JSONValue {
        guard depth < Self.depthLimit else { throw error(expecting: "at most \(Self.depthLimit) levels of nesting") }
        depth += 1
        position += 1
        let value = try read(&self)
        depth -= 1
        return value
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws(JSONError) -> JSONValue {
        guard bytes[position...].starts(with: word.utf8) else { throw error(expecting: word) }
        position += word.utf8.count
        return value
    }

    // MARK: Objects and arrays

    private mutating func object() throws(JSONError) -> JSONValue {
        var members: [JSONMember] = []
        skipSpace()
        if skip("}") { return .object(members) }
        repeat {
            skipSpace()
            guard current == UInt8(ascii: "\"") else { throw error(expecting: "a key in quotes") }
            let key = try string()
            skipSpace()
            guard skip(":") else { throw error(expecting: "':' after a key") }
            members.append(JSONMember(key, try value()))
            skipSpace()
        } while skip(",")
        guard skip("}") else { throw error(expecting: "',' or '}' in an object") }
        return .object(members)
    }

    private mutating func array() throws(JSONError) -> JSONValue {
        var values: [JSONValue] = []
        skipSpace()
        if skip("]") { return .array(values) }
        repeat {
            values.append(try value())
            skipSpace()
        } while skip(",")
        guard skip("]") else { throw error(expecting: "',' or ']' in an array") }
        return .array(values)
    }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard current == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    // MARK: Numbers

    private mutating func number() throws(JSONError) -> Double {
        let start = position
        _ = skip("-")
        let integerDigits = skipDigits()
        guard integerDigits > 0, integerDigits == 1 || bytes[position - integerDigits] != UInt8(ascii: "0") else {
            position = start
            throw error(expecting: "a value")
        }
        if skip(".") {
            guard skipDigits() > 0 else { throw error(expecting: "a digit") }
        }
        if skip("e") || skip("E") {
            if !skip("-") { _ = skip("+") }
            guard skipDigits() > 0 else { throw error(expecting: "a digit") }
        }
        if position - start == integerDigits, integerDigits <= 15 {
            return Double(bytes[start..<position].reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) })
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard let number = Double(text), number.isFinite else {
            position = start
            throw error(expecting: "a number that a double can hold")
        }
        return number
    }

    private mutating func skipDigits() -> Int {
        let start = position
        while let byte = current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        return position - start
    }

    // MARK: Strings

    private mutating func string() throws(JSONError) -> String {
        position += 1
        var start = position
        var unescaped: [UInt8] = []
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\""):
                let tail = bytes[start..<position]
                let text =
                    unescaped.isEmpty
                    ? String(validating: tail, as: UTF8.self)
                    : String(validating: unescaped + tail, as: UTF8.self)
                guard let text else { throw error(expecting: "a string in UTF-8") }
                position += 1
                return text
            case UInt8(ascii: "\\"):
                unescaped += bytes[start..<position]
                position += 1
                unescaped += try escape().utf8
                start = position
            case 0..<0x20:
                throw error(expecting: "a control character to be escaped")
            default:
                position += 1
            }
        }
        throw error(expecting: "a closing quote")
    }

    private mutating func escape() throws(JSONError) -> Unicode.Scalar {
        guard let byte = current else { throw error(expecting: "an escape") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try unicodeEscape()
        default:
            position -= 1
            throw error(expecting: "one of \" \\ / b f n r t u after a backslash")
        }
    }

    private mutating func unicodeEscape() throws(JSONError) -> Unicode.Scalar {
        var code = try hexadecimal()
        if (0xD800..<0xDC00).contains(code), skip("\\"), skip("u") {
            let low = try hexadecimal()
            guard (0xDC00..<0xE000).contains(low) else { throw error(expecting: "a low surrogate") }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw error(expecting: "a pair of surrogates") }
        return scalar
    }

    private mutating func hexadecimal() throws(JSONError) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw error(expecting: "four hexadecimal digits")
            }
            code = code << 4 + UInt32(digit)
            position += 1
        }
        return code
    }
}

/// Reads a JSON document (RFC 8259) from UTF-8 bytes; a byte order mark before it is passed over.
///
/// Complexity: linear in the number of bytes. Nesting is limited, so that no input can exhaust the stack.
package struct JSONParser {
    /// What becomes of a key that an object has twice.
    package enum Duplicates: Sendable {
        /// Both members are kept, in their order.
        case kept
        /// The document is refused.
        case refused
    }

    private static let depthLimit = 128

    /// They outlive the parser, which lives as long as one call of those below.
    let bytes: UnsafeBufferPointer<UInt8>
    var position = 0
    private var depth = 0
    private let duplicates: Duplicates
    /// The keys whose values are tables, if they look like ones.
    private let tableKeys: Set<String>

    /// The value in `bytes`, which must hold nothing else.
    ///
    /// - Parameter tableKeys: The keys of what is read as a `JSONTable`, if it looks like one.
    /// - Throws: `JSONError.malformed` with the byte at which reading stopped.
    package static func parse(
        _ bytes: [UInt8], duplicates: Duplicates = .kept, tableKeys: Set<String> = []
    ) throws(JSONError) -> JSONValue {
        try bytes.withUnsafeBufferPointer { (bytes) throws(JSONError) in
            try parse(bytes, duplicates: duplicates, tableKeys: tableKeys)
        }
    }

    /// The same where the bytes are no array, but those of a mapped file.
    package static func parse(
        _ bytes: UnsafeBufferPointer<UInt8>, duplicates: Duplicates = .kept, tableKeys: Set<String> = []
    ) throws(JSONError) -> JSONValue {
        var parser = JSONParser(bytes, duplicates, tableKeys)
        let value = try parser.value()
        try parser.end()
        return value
    }

    /// The table in `bytes`, which must hold nothing else; a tree if it does not look like one.
    ///
    /// - Throws: `JSONError.malformed` with the byte at which reading stopped.
    package static func parseTable(_ bytes: [UInt8]) throws(JSONError) -> JSONValue {
        try bytes.withUnsafeBufferPointer { (bytes) throws(JSONError) in
            var parser = JSONParser(bytes, .kept)
            let value = try parser.tableOrValue()
            try parser.end()
            return value
        }
    }

    /// Reads an object, which `bytes` must hold and nothing else, member by member: only one of them is in memory at a time.
    ///
    /// - Parameter body: Takes the member's key and value and the byte after them.
    /// - Throws: `JSONError.malformed` with the byte at which reading stopped, or what `body` throws.
    package static func forEachMember(
        of bytes: [UInt8], duplicates: Duplicates = .kept,
        _ body: (_ key: String, _ value: JSONValue, _ end: Int) throws(JSONError) -> Void
    ) throws(JSONError) {
        try bytes.withUnsafeBufferPointer { (bytes) throws(JSONError) in
            var parser = JSONParser(bytes, duplicates)
            parser.skipSpace()
            guard parser.skip("{") else { throw parser.error(expecting: "an object") }
            try parser.members { (key, value, end) throws(JSONError) in try body(key, value, end) }
            try parser.end()
        }
    }

    private init(_ bytes: UnsafeBufferPointer<UInt8>, _ duplicates: Duplicates, _ tableKeys: Set<String> = []) {
        (self.bytes, self.duplicates, self.tableKeys) = (bytes, duplicates, tableKeys)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    // MARK: Values

    private mutating func value() throws(JSONError) -> JSONValue {
        skipSpace()
        switch current {
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
        case UInt8(ascii: "{"): return .object(try object())
        case UInt8(ascii: "["): return .array(try array())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: throw error(expecting: "a value")
        }
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws(JSONError) -> JSONValue {
        guard bytes[position...].starts(with: word.utf8) else { throw error(expecting: word) }
        position += word.utf8.count
        return value
    }

    private mutating func array() throws(JSONError) -> [JSONValue] {
        try descend()
        var values: [JSONValue] = []
        skipSpace()
        if !skip("]") {
            values.reserveCapacity(2)
            repeat {
                values.append(try value())
                skipSpace()
            } while skip(",")
            guard skip("]") else { throw error(expecting: "',' or ']' in an array") }
        }
        depth -= 1
        return values
    }

    private mutating func object() throws(JSONError) -> [JSONMember] {
        try descend()
        var result: [JSONMember] = []
        try members { (key, value, _) throws(JSONError) in result.append(JSONMember(key, value)) }
        depth -= 1
        return result
    }

    /// Reads what follows `{`.
    private mutating func members(
        _ body: (_ key: String, _ value: JSONValue, _ end: Int) throws(JSONError) -> Void
    ) throws(JSONError) {
        var keys: Set<String> = []
        skipSpace()
        if skip("}") { return }
        repeat {
            skipSpace()
            guard current == UInt8(ascii: "\"") else { throw error(expecting: "a key in quotes") }
            let key = try string()
            if duplicates == .refused, !keys.insert(key).inserted {
                throw .malformed(byte: position, expected: "each name once", found: "\(key) twice")
            }
            skipSpace()
            guard skip(":") else { throw error(expecting: "':' after a key") }
            try body(key, tableKeys.contains(key) ? try tableOrValue() : try value(), position)
            skipSpace()
        } while skip(",")
        guard skip("}") else { throw error(expecting: "',' or '}' in an object") }
    }

    private mutating func tableOrValue() throws(JSONError) -> JSONValue {
        skipSpace()
        return if let table = table() { .table(table) } else { try value() }
    }

    private mutating func descend() throws(JSONError) {
        guard depth < Self.depthLimit else { throw error(expecting: "at most \(Self.depthLimit) levels of nesting") }
        depth += 1
        position += 1
    }

    // MARK: Bytes

    private mutating func end() throws(JSONError) {
        skipSpace()
        guard position == bytes.count else { throw error(expecting: "the end of the document") }
    }

    /// The byte to be read next; 0, which can stand nowhere, at the end.
    @inline(__always) var current: UInt8 { position < bytes.count ? bytes[position] : 0 }

    @inline(__always) mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard current == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    func error(expecting expected: String) -> JSONError {
        .malformed(byte: position, expected: expected, found: found)
    }

    private var found: String {
        guard position < bytes.count else { return "the end" }
        let byte = bytes[position]
        return 0x21..<0x7F ~= byte ? "'\(Unicode.Scalar(byte))'" : "byte \(byte)"
    }
}

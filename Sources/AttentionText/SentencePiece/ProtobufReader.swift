/// Reads the fields of a protocol-buffer message one after the other.
///
/// Source: Protocol Buffers, Encoding.
struct ProtobufReader {
    enum Value {
        case integer(UInt64)
        case fixed(UInt64)
        case bytes(ArraySlice<UInt8>)
    }

    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) {
        rest = bytes
    }

    /// The next field, `nil` at the end.
    ///
    /// - Throws: `TokenizerError.unusableModel` if the bytes are no such message.
    mutating func next() throws(TokenizerError) -> (field: Int, value: Value)? {
        if rest.isEmpty { return nil }
        let key = try integer()
        let field = Int(truncatingIfNeeded: key >> 3)
        switch key & 7 {
        case 0: return (field, .integer(try integer()))
        case 1: return (field, .fixed(try fixed(8)))
        case 2:
            let length = try integer()
            guard length <= rest.count else { throw damage("a field of \(length) bytes where \(rest.count) are left") }
            defer { rest = rest.dropFirst(Int(length)) }
            return (field, .bytes(rest.prefix(Int(length))))
        case 5: return (field, .fixed(try fixed(4)))
        default: throw damage("a field of wire type \(key & 7)")
        }
    }

    private mutating func integer() throws(TokenizerError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard let byte = rest.popFirst() else { break }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        throw damage("a number without an end")
    }

    private mutating func fixed(_ count: Int) throws(TokenizerError) -> UInt64 {
        guard rest.count >= count else { throw damage("\(rest.count) bytes of a number of \(count)") }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private func damage(_ found: String) -> TokenizerError {
        .unusableModel(expected: "a message of protocol buffers", found: found)
    }
}

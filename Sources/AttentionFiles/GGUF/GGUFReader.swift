/// Reads the values of a GGUF header one after another, and never beyond its end.
struct GGUFReader {
    private let bytes: SharedBytes
    private let source: String
    /// Where the next value begins.
    private(set) var position = 0

    init(_ bytes: SharedBytes, source: String) { (self.bytes, self.source) = (bytes, source) }

    /// How deep lists may lie in lists.
    private static let depthLimit = 4

    /// A little-endian number.
    mutating func load<Number: FixedWidthInteger>(_: Number.Type = Number.self) throws(GGUFError) -> Number {
        let start = try skip(MemoryLayout<Number>.size)
        return bytes.withBytes { Number(littleEndian: $0.loadUnaligned(fromByteOffset: start, as: Number.self)) }
    }

    /// A count of things that take at least `size` bytes each: no more than there is room for.
    mutating func count(_ things: String, ofAtLeast size: Int) throws(GGUFError) -> Int {
        let number: UInt64 = try load()
        guard let count = Int(exactly: number), count <= (bytes.count - position) / size else {
            throw error("\(things) within the \(bytes.count) bytes of the file", found: "\(number) of them")
        }
        return count
    }

    mutating func string() throws(GGUFError) -> String {
        let start = try stringStart()
        let text = bytes.withBytes { String(validating: $0[start..<position], as: UTF8.self) }
        guard let text else { throw error("text in UTF-8 at byte \(start)", found: "bytes that are not") }
        return text
    }

    /// Where the text of a string begins, behind which reading goes on.
    private mutating func stringStart() throws(GGUFError) -> Int { try skip(try count("text", ofAtLeast: 1)) }

    mutating func valueType() throws(GGUFError) -> GGUFValueType {
        let number: UInt32 = try load()
        guard let type = GGUFValueType(rawValue: number) else {
            throw error("a type of value from 0 to 12", found: "\(number)")
        }
        return type
    }

    mutating func value(_ type: GGUFValueType, depth: Int = 0) throws(GGUFError) -> GGUFValue {
        switch type {
        case .uint8: return .integer(Int(try load(UInt8.self)))
        case .int8: return .integer(Int(try load(Int8.self)))
        case .uint16: return .integer(Int(try load(UInt16.self)))
        case .int16: return .integer(Int(try load(Int16.self)))
        case .uint32: return .integer(Int(try load(UInt32.self)))
        case .int32: return .integer(Int(try load(Int32.self)))
        case .uint64: return .integer(Int(clamping: try load(UInt64.self)))
        case .int64: return .integer(Int(try load(Int64.self)))
        case .float32: return .number(Double(Float(bitPattern: try load())))
        case .float64: return .number(Double(bitPattern: try load()))
        case .flag: return .flag(try load(UInt8.self) != 0)
        case .string: return .string(try string())
        case .array: return .array(try array(depth: depth))
        }
    }

    private mutating func array(depth: Int) throws(GGUFError) -> GGUFArray {
        guard depth < Self.depthLimit else {
            throw error("lists in lists at most \(Self.depthLimit) deep", found: "deeper ones")
        }
        let type = try valueType()
        // An empty string takes 8 bytes, an empty list 12.
        let count = try count("values of a list", ofAtLeast: type.byteCount ?? 8)
        let start = position
        switch type {
        case .string: for _ in 0..<count { _ = try stringStart() }
        case .array: for _ in 0..<count { _ = try array(depth: depth + 1) }
        default: _ = try skip(count * (type.byteCount ?? 1))
        }
        let range = bytes.range.lowerBound + start..<bytes.range.lowerBound + position
        return GGUFArray(count: count, type: type, bytes: SharedBytes(bytes.owner, range))
    }

    /// Goes on behind so many bytes, and says where they begin.
    private mutating func skip(_ count: Int) throws(GGUFError) -> Int {
        guard count <= bytes.count - position else {
            throw error("\(count) more bytes behind byte \(position)", found: "\(bytes.count - position)")
        }
        defer { position += count }
        return position
    }

    func error(_ expected: String, found: String) -> GGUFError {
        .malformed(source: source, expected: expected, found: found)
    }
}

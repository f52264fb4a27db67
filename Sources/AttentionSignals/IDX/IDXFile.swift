internal import AttentionFiles

/// An array in the format of the MNIST files: the type of its elements, its sizes, and the elements, all with the high byte first.
///
/// Source: LeCun, Cortes & Burges, *The MNIST database of handwritten digits*, "File formats".
public struct IDXFile: Sendable, Hashable {
    /// What the elements are.
    public enum Element: UInt8, Sendable, CaseIterable {
        case unsigned8 = 0x08
        case signed8 = 0x09
        case signed16 = 0x0B
        case signed32 = 0x0C
        case float32 = 0x0D
        case float64 = 0x0E

        /// How many bytes one takes.
        public var byteCount: Int {
            switch self {
            case .unsigned8, .signed8: 1
            case .signed16: 2
            case .signed32, .float32: 4
            case .float64: 8
            }
        }
    }

    public let element: Element
    /// The sizes of the axes.
    public let shape: [Int]
    /// The elements as they are written, row by row.
    public let bytes: [UInt8]

    /// The most bytes that a compressed file may hold, unless said otherwise.
    public static let byteLimit = 1 << 30

    /// Reads a file, compressed with gzip or not.
    ///
    /// - Parameter limit: The most bytes that it may hold once it is decompressed.
    /// - Throws: ``SignalError`` if it cannot be read, is none, or has more or fewer elements than its sizes say.
    public init(contentsOf path: String, limit: Int = byteLimit) throws(SignalError) {
        let bytes: [UInt8]
        do { bytes = try FileContents.read(path) } catch { throw .file(error) }
        try self.init(bytes, limit: limit)
    }

    /// Reads the bytes of a file, compressed with gzip or not.
    public init(_ bytes: [UInt8], limit: Int = byteLimit) throws(SignalError) {
        guard Gzip.isCompressed(bytes) else {
            try self.init(plain: bytes)
            return
        }
        let plain: [UInt8]
        do { plain = try Gzip.decompress(bytes, limit: limit) } catch {
            throw .malformed(operation: "idx", expected: "whole gzip data", found: "what gives: \(error)")
        }
        try self.init(plain: plain)
    }

    private init(plain bytes: [UInt8]) throws(SignalError) {
        let fields = ByteFields(bytes, "idx", .bigEndian)
        guard try fields.short(0) == 0, let element = Element(rawValue: UInt8(try fields.byte(2))) else {
            throw fields.malformed(
                "two zeros and an element type of 8, 9, 11, 12, 13 or 14",
                found: "\(bytes.prefix(3).map { Int($0) })")
        }
        let rank = try fields.byte(3)
        var (shape, count): ([Int], Int) = ([], 1)
        for axis in 0..<rank {
            shape.append(try fields.word(4 + 4 * axis))
            let (product, overflow) = count.multipliedReportingOverflow(by: shape[axis])
            guard !overflow else { throw fields.malformed("sizes of an array", found: "\(shape)") }
            count = product
        }
        let start = 4 + 4 * rank
        guard count <= Int.max / 8, bytes.count - start == count * element.byteCount else {
            throw fields.malformed(
                "\(count) elements of \(element.byteCount) bytes for the sizes \(shape)",
                found: "\(bytes.count - start) bytes")
        }
        (self.element, self.shape, self.bytes) = (element, shape, Array(bytes[start...]))
    }
}

extension IDXFile {
    /// How many elements there are.
    public var count: Int { bytes.count / element.byteCount }

    /// The elements as numbers; those of 32 and 64 bits are rounded.
    public var values: [Float] {
        bytes.withUnsafeBytes { bytes in
            switch element {
            case .unsigned8: bytes.map { Float($0) }
            case .signed8: bytes.map { Float(Int8(bitPattern: $0)) }
            case .signed16: read(bytes, UInt16.self) { Float(Int16(bitPattern: $0)) }
            case .signed32: read(bytes, UInt32.self) { Float(Int32(bitPattern: $0)) }
            case .float32: read(bytes, UInt32.self) { Float(bitPattern: $0) }
            case .float64: read(bytes, UInt64.self) { Float(Double(bitPattern: $0)) }
            }
        }
    }

    private func read<Word: FixedWidthInteger>(
        _ bytes: UnsafeRawBufferPointer, _ type: Word.Type, _ value: (Word) -> Float
    ) -> [Float] {
        (0..<count).map { index in
            value(Word(bigEndian: bytes.loadUnaligned(fromByteOffset: index * Word.bitWidth / 8, as: type)))
        }
    }
}

import AttentionFiles

/// What a file of Marian's says about its items.
struct MarianHeader {
    /// How the numbers of an item are written, by Marian's numbers for it.
    enum ItemType: UInt64, CustomStringConvertible {
        /// Bytes: text.
        case int8 = 0x0101
        /// IEEE single precision.
        case float32 = 0x0404
        /// Integers of −127 … 127, and behind them one float32 by which they are to be divided.
        case scaledInt8 = 0x4101

        var description: String {
            switch self {
            case .int8: "bytes"
            case .float32: "float32 numbers"
            case .scaledInt8: "integers with a scale"
            }
        }

        /// The bytes that so many numbers take at least.
        func byteCount(_ count: Int) -> Int {
            switch self {
            case .int8: count
            case .float32: 4 * count
            case .scaledInt8: count + 4
            }
        }
    }

    /// One of its items.
    struct Item {
        let name: String
        let type: ItemType
        let sizes: [Int]
        /// Its bytes, counted from the start of the file.
        let range: Range<Int>

        /// Whether it is a table of words, which lies as its shape says.
        var isWords: Bool { name.hasSuffix("Wemb") }
    }

    /// In the order of their bytes.
    let items: [Item]

    /// More items than any model has: so that a number that means nothing cannot ask for all memory.
    private static let itemLimit: UInt64 = 1 << 20

    init(items: [Item]) { self.items = items }

    /// Reads and checks the headers.
    init(_ bytes: ReadOnlyBytes, source: String) throws(MarianFileError) {
        var reader = LittleEndianReader(bytes: bytes, source: source)
        let version = try reader.integer("a version")
        guard version == 1 else {
            throw .malformed(source: source, expected: "version 1 at the start", found: "\(version)")
        }
        let count = try reader.count("the number of items", atMost: Self.itemLimit)
        var heads: [(nameSize: Int, type: UInt64, rank: Int, byteCount: Int)] = []
        for _ in 0..<count {
            heads.append(
                (
                    try reader.count("the size of a name", atMost: 4096), try reader.integer("a type"),
                    try reader.count("the number of axes", atMost: 8),
                    try reader.count("the bytes of an item", atMost: UInt64(bytes.count))
                ))
        }
        var names: [String] = []
        for head in heads { names.append(try reader.name(size: head.nameSize)) }
        var sizes: [[Int]] = []
        for (head, name) in zip(heads, names) { sizes.append(try reader.sizes(count: head.rank, of: name)) }
        let gap = try reader.count("the size of the gap", atMost: UInt64(bytes.count))
        try reader.skip(gap, "the gap")
        var items: [Item] = []
        var known: Set<String> = []
        for index in heads.indices {
            let (head, name) = (heads[index], names[index])
            guard let type = ItemType(rawValue: head.type) else {
                throw .unknownType(name: name, source: source, type: head.type)
            }
            guard known.insert(name).inserted else {
                throw .malformed(source: source, expected: "each name once", found: "\(name) twice")
            }
            let needed = try Self.byteCount(of: sizes[index], type, name: name, source: source)
            guard needed <= head.byteCount else {
                throw .malformed(
                    source: source, expected: "at least \(needed) bytes for \(name) \(sizes[index])",
                    found: "\(head.byteCount)")
            }
            let start = reader.position
            try reader.skip(head.byteCount, name)
            items.append(Item(name: name, type: type, sizes: sizes[index], range: start..<reader.position))
        }
        guard reader.position == bytes.count else {
            throw .malformed(
                source: source, expected: "\(reader.position) bytes as its items say", found: "\(bytes.count)")
        }
        self.items = items
    }

    static func byteCount(
        of sizes: [Int], _ type: ItemType, name: String, source: String
    ) throws(MarianFileError) -> Int {
        var count = 1
        for size in sizes {
            let (product, overflow) = count.multipliedReportingOverflow(by: size)
            guard !overflow, product <= 1 << 40 else {
                throw .malformed(source: source, expected: "sizes of memory for \(name)", found: "\(sizes)")
            }
            count = product
        }
        return type.byteCount(count)
    }
}

/// Reads numbers one after another, never behind the end.
private struct LittleEndianReader {
    let bytes: ReadOnlyBytes
    let source: String
    private(set) var position = 0

    init(bytes: ReadOnlyBytes, source: String) { (self.bytes, self.source) = (bytes, source) }

    private mutating func next(_ size: Int, _ what: String) throws(MarianFileError) -> Range<Int> {
        guard size <= bytes.count - position else {
            throw .malformed(
                source: source, expected: "\(what) at byte \(position)", found: "the end at byte \(bytes.count)")
        }
        defer { position += size }
        return position..<position + size
    }

    mutating func skip(_ size: Int, _ what: String) throws(MarianFileError) { _ = try next(size, what) }

    mutating func integer(_ what: String) throws(MarianFileError) -> UInt64 {
        bytes.withBytes(in: try next(8, what)) { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
    }

    mutating func count(_ what: String, atMost limit: UInt64) throws(MarianFileError) -> Int {
        let value = try integer(what)
        guard value <= limit else {
            throw .malformed(
                source: source, expected: "\(what) of at most \(limit) before byte \(position)", found: "\(value)")
        }
        return Int(value)
    }

    mutating func name(size: Int) throws(MarianFileError) -> String {
        let characters = bytes.withBytes(in: try next(size, "a name")) { Array($0) }
        guard characters.last == 0, let name = String(validating: characters.dropLast(), as: UTF8.self), !name.isEmpty
        else {
            throw .malformed(source: source, expected: "a name in UTF-8, closed by 0", found: "other bytes")
        }
        return name
    }

    mutating func sizes(count: Int, of name: String) throws(MarianFileError) -> [Int] {
        var sizes: [Int] = []
        for _ in 0..<count {
            let size = bytes.withBytes(in: try next(4, "the sizes of \(name)")) {
                Int32(littleEndian: $0.loadUnaligned(as: Int32.self))
            }
            guard size >= 0 else {
                throw .malformed(source: source, expected: "sizes of \(name) from 0 up", found: "\(size)")
            }
            sizes.append(Int(size))
        }
        return sizes
    }
}

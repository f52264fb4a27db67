extension JSONParser {
    /// Reads the value that comes next if it is a table, which takes a fraction of the time that a tree does; otherwise nothing is read.
    /// What is wrong with it, if something is, the tree tells.
    mutating func table() -> JSONTable? {
        var reader = JSONTableReader(self)
        guard let table = reader?.read(), let end = reader?.parser.position else { return nil }
        position = end
        return table
    }
}

/// Reads a table off the bytes of a document.
private struct JSONTableReader: ~Copyable {
    var parser: JSONParser
    private let bytes: [UInt8]
    /// Strings as they come, each ending where `ends` says. There is room for whatever the rest of the document may hold.
    private let text: UnsafeMutablePointer<UInt8>
    private var textCount = 0
    private let ends: UnsafeMutablePointer<Int32>
    private var endCount = 0
    private var numbers: [Double] = []

    /// Nil if numbers of 32 bits cannot count the bytes.
    init?(_ parser: JSONParser) {
        let rest = parser.bytes.count - parser.position
        guard rest < Int(Int32.max), parser.isText else { return nil }
        (self.parser, bytes) = (parser, parser.bytes)
        // Pages that are never written to are never there.
        text = .allocate(capacity: rest + MemoryLayout<UInt64>.size)
        ends = .allocate(capacity: rest / 3 + 1)
    }

    deinit {
        text.deallocate()
        ends.deallocate()
    }

    mutating func read() -> JSONTable? {
        guard let form = readEntries() else { return nil }
        return JSONTable(
            form, bytes: Array(UnsafeBufferPointer(start: text, count: textCount)),
            ends: Array(UnsafeBufferPointer(start: ends, count: endCount)), numbers: numbers)
    }

    private mutating func readEntries() -> JSONTable.Form? {
        if parser.skip("{") { return entries(until: "}", .members) { $0.member() } ? .members : nil }
        guard parser.skip("[") else { return nil }
        skipSpace()
        guard parser.skip("[") else { return entries(until: "]", .strings) { $0.string() } ? .strings : nil }
        let start = parser.position
        skipSpace()
        guard string(), comma() else { return nil }
        let form: JSONTable.Form = parser.current == UInt8(ascii: "\"") ? .pairs : .numberedPairs
        (textCount, endCount) = (0, 0)
        parser.position = start
        // The first bracket has been read.
        guard form == .pairs ? pair() : numberedPair() else { return nil }
        skipSpace()
        if parser.skip("]") { return form }
        guard parser.skip(",") else { return nil }
        let isRead =
            form == .pairs
            ? entries(until: "]", form, isEmptyAllowed: false) { $0.parser.skip("[") && $0.pair() }
            : entries(until: "]", form, isEmptyAllowed: false) { $0.parser.skip("[") && $0.numberedPair() }
        return isRead ? form : nil
    }

    /// Reads entries with commas between them.
    @inline(__always)
    private mutating func entries(
        until end: Unicode.Scalar, _ form: JSONTable.Form, isEmptyAllowed: Bool = true,
        _ entry: (inout JSONTableReader) -> Bool
    ) -> Bool {
        skipSpace()
        if isEmptyAllowed, parser.skip(end) { return true }
        repeat {
            skipSpace()
            guard entry(&self) else { return false }
            skipSpace()
        } while parser.skip(",")
        return parser.skip(end)
    }

    /// Reads `"a": 0`.
    private mutating func member() -> Bool {
        guard string() else { return false }
        skipSpace()
        guard parser.skip(":") else { return false }
        skipSpace()
        return number()
    }

    /// Reads what follows the bracket of `["a", "b"]`.
    private mutating func pair() -> Bool {
        skipSpace()
        guard string(), comma(), string() else { return false }
        skipSpace()
        return parser.skip("]")
    }

    /// Reads what follows the bracket of `["a", -1.5]`.
    private mutating func numberedPair() -> Bool {
        skipSpace()
        guard string(), comma(), number() else { return false }
        skipSpace()
        return parser.skip("]")
    }

    private mutating func comma() -> Bool {
        skipSpace()
        guard parser.skip(",") else { return false }
        skipSpace()
        return true
    }

    private mutating func number() -> Bool {
        switch parser.current {
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): break
        default: return false
        }
        do { numbers.append(try parser.number().double) } catch { return false }
        return true
    }

    private mutating func string() -> Bool {
        guard parser.current == UInt8(ascii: "\"") else { return false }
        let (position, count) = (parser.position, bytes.count)
        let end = bytes.withUnsafeBufferPointer { bytes -> Int? in
            var index = position + 1
            while index < count {
                let byte = bytes[index]
                if byte == UInt8(ascii: "\"") { return index }
                if byte == UInt8(ascii: "\\") || byte < 0x20 { return nil }
                text[textCount] = byte
                textCount += 1
                index += 1
            }
            return nil
        }
        if let end { parser.position = end + 1 } else if !escapedString(from: position) { return false }
        ends[endCount] = Int32(truncatingIfNeeded: textCount)
        endCount += 1
        return true
    }

    /// Reads a string with escapes, of which the beginning may have been read already.
    private mutating func escapedString(from position: Int) -> Bool {
        textCount = endCount == 0 ? 0 : Int(ends[endCount - 1])
        do {
            for byte in try parser.string().utf8 {
                text[textCount] = byte
                textCount += 1
            }
        } catch { return false }
        return true
    }

    /// Passes over white space, of which documents for people are full: eight spaces at a time.
    @inline(__always)
    private mutating func skipSpace() {
        guard parser.current <= UInt8(ascii: " ") else { return }
        parser.position = bytes.withUnsafeBufferPointer { bytes in
            let raw = UnsafeRawBufferPointer(bytes)
            var index = parser.position
            while index < bytes.count {
                switch bytes[index] {
                case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): index += 1
                default: return index
                }
                while index + 8 <= bytes.count,
                    raw.loadUnaligned(fromByteOffset: index, as: UInt64.self) == 0x2020_2020_2020_2020
                {
                    index += 8
                }
            }
            return index
        }
    }
}

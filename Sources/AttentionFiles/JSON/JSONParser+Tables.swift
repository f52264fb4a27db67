extension JSONParser {
    /// Reads the value that comes next if it is a table, which takes a fraction of the time that a tree does; otherwise nothing is read.
    /// What is wrong with it, if something is, the tree tells.
    mutating func table() -> JSONTable? {
        let rest = bytes.count - position
        // Numbers of 32 bits count the bytes.
        guard rest < Int(Int32.max) else { return nil }
        var (ends, numbers): ([Int32], [Double]) = ([], [])
        var (form, end): (JSONTable.Form?, Int) = (nil, 0)
        // There is room for whatever the rest of the document may hold; pages that are never written to are never there.
        let text = [UInt8](unsafeUninitializedCapacity: rest + 8) { text, textCount in
            ends = [Int32](unsafeUninitializedCapacity: rest / 3 + 1) { ends, endCount in
                numbers = [Double](unsafeUninitializedCapacity: rest / 5 + 1) { numbers, numberCount in
                    var reader = JSONTableReader(self, text: text, ends: ends, numbers: numbers)
                    form = reader.read()
                    end = reader.parser.position
                    (textCount, endCount, numberCount) = (reader.textCount, reader.endCount, reader.numberCount)
                }
            }
        }
        guard let form, Self.isText(text) else { return nil }
        position = end
        return JSONTable(form, bytes: text, ends: ends, numbers: numbers)
    }

    private static func isText(_ bytes: [UInt8]) -> Bool {
        do {
            _ = try UTF8Span(validating: bytes.span)
            return true
        } catch { return false }
    }
}

/// Reads a table off the bytes of a document.
private struct JSONTableReader {
    var parser: JSONParser
    /// Strings as they come, each ending where `ends` says. None begins within a character, so all are UTF-8 if all together are.
    private let text: UnsafeMutableBufferPointer<UInt8>
    private(set) var textCount = 0
    private let ends: UnsafeMutableBufferPointer<Int32>
    private(set) var endCount = 0
    private let numbers: UnsafeMutableBufferPointer<Double>
    private(set) var numberCount = 0

    init(
        _ parser: JSONParser, text: UnsafeMutableBufferPointer<UInt8>, ends: UnsafeMutableBufferPointer<Int32>,
        numbers: UnsafeMutableBufferPointer<Double>
    ) {
        (self.parser, self.text, self.ends, self.numbers) = (parser, text, ends, numbers)
    }

    /// The form of the table, if there is one.
    mutating func read() -> JSONTable.Form? {
        if parser.skip("{") { return entries(until: "}", .members) { $0.member() } ? .members : nil }
        guard parser.skip("[") else { return nil }
        parser.skipSpace()
        guard parser.skip("[") else { return entries(until: "]", .strings) { $0.string() } ? .strings : nil }
        let start = parser.position
        parser.skipSpace()
        guard string(), comma() else { return nil }
        let form: JSONTable.Form = parser.current == UInt8(ascii: "\"") ? .pairs : .numberedPairs
        (textCount, endCount) = (0, 0)
        parser.position = start
        // The first bracket has been read.
        guard form == .pairs ? pair() : numberedPair() else { return nil }
        parser.skipSpace()
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
        parser.skipSpace()
        if isEmptyAllowed, parser.skip(end) { return true }
        repeat {
            parser.skipSpace()
            guard entry(&self) else { return false }
            parser.skipSpace()
        } while parser.skip(",")
        return parser.skip(end)
    }

    /// Reads `"a": 0`.
    private mutating func member() -> Bool {
        guard string() else { return false }
        parser.skipSpace()
        guard parser.skip(":") else { return false }
        parser.skipSpace()
        return number()
    }

    /// Reads what follows the bracket of `["a", "b"]`.
    private mutating func pair() -> Bool {
        parser.skipSpace()
        guard string(), comma(), string() else { return false }
        parser.skipSpace()
        return parser.skip("]")
    }

    /// Reads what follows the bracket of `["a", -1.5]`.
    private mutating func numberedPair() -> Bool {
        parser.skipSpace()
        guard string(), comma(), number() else { return false }
        parser.skipSpace()
        return parser.skip("]")
    }

    private mutating func comma() -> Bool {
        parser.skipSpace()
        guard parser.skip(",") else { return false }
        parser.skipSpace()
        return true
    }

    private mutating func number() -> Bool {
        switch parser.current {
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): break
        default: return false
        }
        do { numbers[numberCount] = try parser.number().double } catch { return false }
        numberCount += 1
        return true
    }

    @inline(__always)
    private mutating func string() -> Bool {
        guard parser.skip("\""), !UTF8.isContinuation(parser.current) else { return false }
        let start = parser.position
        let end = parser.plainEnd(from: start)
        if end < parser.bytes.count, parser.bytes[end] == UInt8(ascii: "\"") {
            append(from: start, to: end)
            parser.position = end + 1
        } else {
            parser.position = start - 1
            guard appendEscaped() else { return false }
        }
        ends[endCount] = Int32(truncatingIfNeeded: textCount)
        endCount += 1
        return true
    }

    @inline(__always)
    private mutating func append(from start: Int, to end: Int) {
        var index = start
        while index < end, let word = parser.word(at: index) {
            // What is more than there is to copy is written over.
            let place = UnsafeMutableRawBufferPointer(text)
            place.storeBytes(of: word.littleEndian, toByteOffset: textCount + index - start, as: UInt64.self)
            index += 8
        }
        while index < end {
            text[textCount + index - start] = parser.bytes[index]
            index += 1
        }
        textCount += end - start
    }

    /// Reads a string with escapes.
    private mutating func appendEscaped() -> Bool {
        do {
            for byte in try parser.string().utf8 {
                text[textCount] = byte
                textCount += 1
            }
        } catch { return false }
        return true
    }
}

/// Numbers at places of a file, each checked against the file's end.
struct ByteFields {
    enum Order { case littleEndian, bigEndian }

    let bytes: [UInt8]
    /// Who reads, for errors: the name of the format.
    let operation: String
    let order: Order

    var count: Int { bytes.count }

    init(_ bytes: [UInt8], _ operation: String, _ order: Order) {
        (self.bytes, self.operation, self.order) = (bytes, operation, order)
    }

    func byte(_ place: Int) throws(SignalError) -> Int {
        try check(place, 1)
        return Int(bytes[place])
    }

    /// Two bytes, without sign.
    func short(_ place: Int) throws(SignalError) -> Int {
        try check(place, 2)
        let (first, second) = (Int(bytes[place]), Int(bytes[place + 1]))
        return order == .littleEndian ? first | second << 8 : first << 8 | second
    }

    /// Four bytes, without sign.
    func word(_ place: Int) throws(SignalError) -> Int {
        let (first, second) = (try short(place), try short(place + 2))
        return order == .littleEndian ? first | second << 16 : first << 16 | second
    }

    /// Whether these letters stand at a place.
    func has(_ letters: StaticString, at place: Int) -> Bool {
        guard place >= 0, place + letters.utf8CodeUnitCount <= bytes.count else { return false }
        return (0..<letters.utf8CodeUnitCount).allSatisfy { bytes[place + $0] == letters.utf8Start[$0] }
    }

    /// Refuses a stretch that reaches past the end.
    func check(_ place: Int, _ length: Int) throws(SignalError) {
        guard place >= 0, length >= 0, length <= bytes.count - place else {
            throw .malformed(
                operation: operation, expected: "\(length) bytes behind byte \(place)",
                found: "the end after \(bytes.count) bytes")
        }
    }

    func malformed(_ expected: String, found: String) -> SignalError {
        .malformed(operation: operation, expected: expected, found: found)
    }
}

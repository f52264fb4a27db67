/// Bytes of a MIDI file, read from front to back, each checked against the end of its chunk.
struct MIDIBytes {
    private let bytes: [UInt8]
    private(set) var place: Int
    let end: Int

    init(_ bytes: [UInt8], from place: Int = 0, to end: Int) {
        (self.bytes, self.place, self.end) = (bytes, place, end)
    }

    var isAtEnd: Bool { place >= end }

    /// The next byte, which stays.
    func peek() throws(MusicError) -> Int {
        guard place < end else { throw Self.short(1, at: place, end: end) }
        return Int(bytes[place])
    }

    mutating func byte() throws(MusicError) -> Int {
        let value = try peek()
        place += 1
        return value
    }

    /// A byte of less than 128, as all data are.
    mutating func data() throws(MusicError) -> Int {
        let value = try byte()
        guard value < 0x80 else { throw Self.malformed("a data byte below 128", "\(value) at byte \(place - 1)") }
        return value
    }

    /// So many bytes, most significant first.
    mutating func number(byteCount: Int) throws(MusicError) -> Int {
        var value = 0
        for _ in 0..<byteCount { value = value << 8 | (try byte()) }
        return value
    }

    /// A number of 7 bits a byte, in at most four.
    mutating func variableNumber() throws(MusicError) -> Int {
        var value = 0
        for _ in 0..<4 {
            let byte = try byte()
            value = value << 7 | byte & 0x7F
            if byte < 0x80 { return value }
        }
        throw Self.malformed("a number of at most four bytes", "more at byte \(place - 4)")
    }

    /// So many bytes.
    mutating func take(_ count: Int) throws(MusicError) -> [UInt8] {
        guard count <= end - place else { throw Self.short(count, at: place, end: end) }
        defer { place += count }
        return Array(bytes[place..<place + count])
    }

    private static func short(_ count: Int, at place: Int, end: Int) -> MusicError {
        malformed(
            count == 1 ? "a byte at byte \(place)" : "\(count) bytes at byte \(place)", "the end after \(end) bytes")
    }

    static func malformed(_ expected: String, _ found: String) -> MusicError {
        .malformed(operation: "midi", expected: expected, found: found)
    }
}

/// What a FLAC file says of all its frames: the metadata block STREAMINFO (section 8.2).
struct FLACStreamInfo {
    let sampleRate: Int
    let channelCount: Int
    /// How many bits a sample has, 4 to 32.
    let bitCount: Int
    /// How many samples of each channel there are; nil where it was not known when the file was begun.
    let sampleCount: Int?

    private static let size = 34

    /// Reads up to the first frame.
    init(_ stream: inout ByteStream) throws(SignalError) {
        try Self.dropTags(of: &stream)
        try stream.fill(4 + 4 + Self.size)
        let fields = ByteFields(stream.bytes, "flac", .bigEndian)
        guard fields.has("fLaC", at: 0) else { throw fields.malformed("fLaC at the beginning", found: "other bytes") }
        let header = MetadataHeader(try fields.word(4))
        guard header.kind == 0, header.size == Self.size else {
            throw fields.malformed(
                "a block STREAMINFO of \(Self.size) bytes first", found: "kind \(header.kind) of \(header.size) bytes")
        }
        try self.init(fields, at: 8)
        try stream.drop(4 + 4 + Self.size)
        if !header.isLast { try Self.dropMetadata(of: &stream) }
    }

    private init(_ fields: ByteFields, at place: Int) throws(SignalError) {
        // Behind four sizes: 20 bits of the rate, 3 of the channels, 5 of the bits, 36 of the length.
        let (word, low) = (try fields.word(place + 10), try fields.word(place + 14))
        (sampleRate, channelCount, bitCount) = (word >> 12, (word >> 9 & 7) + 1, (word >> 4 & 31) + 1)
        let count = (word & 15) << 32 | low
        sampleCount = count == 0 ? nil : count
        guard bitCount >= 4 else { throw fields.malformed("samples of 4 to 32 bits", found: "\(bitCount)") }
        try Sound.check(sampleRate: sampleRate, for: "flac")
    }

    /// What stands before each block of metadata (section 8.1).
    private struct MetadataHeader {
        let isLast: Bool
        let kind: Int
        let size: Int

        init(_ word: Int) { (isLast, kind, size) = (word >> 31 == 1, word >> 24 & 0x7F, word & 0xFF_FFFF) }
    }

    private static func dropMetadata(of stream: inout ByteStream) throws(SignalError) {
        while true {
            let isThere = try stream.fill(4)
            let fields = ByteFields(stream.bytes, "flac", .bigEndian)
            guard isThere else {
                throw fields.malformed("more metadata", found: "the end after \(stream.receivedCount) bytes")
            }
            let header = MetadataHeader(try fields.word(0))
            guard 1..<127 ~= header.kind else {
                throw fields.malformed("a block of metadata of a kind from 1 to 126", found: "\(header.kind)")
            }
            guard try stream.drop(4 + header.size) else {
                throw fields.malformed(
                    "\(header.size) bytes of metadata", found: "the end after \(stream.receivedCount) bytes")
            }
            if header.isLast { return }
        }
    }

    /// Passes over ID3v2 tags, which do not belong into a FLAC file and are met there (id3.org, *ID3 tag version 2.4.0*, section 3).
    private static func dropTags(of stream: inout ByteStream) throws(SignalError) {
        while true {
            try stream.fill(10)
            let fields = ByteFields(stream.bytes, "flac", .bigEndian)
            guard fields.has("ID3", at: 0) else { return }
            // 4 bytes of 7 bits.
            var size = 0
            for place in 6..<10 { size = size << 7 | (try fields.byte(place)) & 0x7F }
            let footer = try fields.byte(5) & 0x10 == 0 ? 0 : 10
            try stream.drop(10 + size + footer)
        }
    }
}

import AttentionFiles
import Testing

/// Fixtures: scripts/make-gzip-fixtures.py.
@Suite struct GzipTests {
    static func fixture(_ name: String) throws -> [UInt8] {
        let tests = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
        return try FileContents.read("/\(tests)/Fixtures/Gzip/\(name).gz")
    }

    static func lines(_ count: Int) -> [UInt8] {
        Array((0..<count).map { "line \($0): \($0 * $0 * 7919 % 10007) é\n" }.joined().utf8)
    }

    @Test(arguments: ["level0", "level1", "level9", "fixed-codes", "huffman-only", "flushed"])
    func decompressesEveryKindOfBlock(name: String) throws {
        #expect(try Gzip.decompress(Self.fixture(name)) == Self.lines(400))
    }

    @Test func decompressesNothingAndOneByteRepeated() throws {
        #expect(try Gzip.decompress(Self.fixture("empty")) == [])
        #expect(
            try Gzip.decompress(Self.fixture("one-byte-repeated"))
                == [UInt8](repeating: UInt8(ascii: "a"), count: 100_000))
    }

    @Test func joinsMembersAndSkipsHeaderFields() throws {
        let twice = try Self.fixture("two-members")
        #expect(try Gzip.decompress(twice) == Self.lines(3) + Self.lines(5))
        #expect(try Gzip.decompress(twice + [0, 0, 0, 0, 0]) == Self.lines(3) + Self.lines(5))
        #expect(try Gzip.decompress(Self.fixture("all-fields")) == Self.lines(3))
    }

    @Test func recognisesGzip() throws {
        #expect(Gzip.isCompressed(try Self.fixture("empty")))
        #expect(!Gzip.isCompressed([0x1F]))
        #expect(!Gzip.isCompressed([]))
    }

    /// A match may not reach into the member before: the second member here is a lone match of distance 1.
    @Test func membersDoNotShareHistory() throws {
        let first = try Self.fixture("two-members").prefix(while: { _ in true })
        // Fixed codes, last block: length code 257 (0000001), distance code 0 (00000).
        let header: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
        let stream: [UInt8] = [0b0000_0011, 0b0000_0010, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        #expect {
            try Gzip.decompress(first + header + stream)
        } throws: { error in
            if case .corrupt(.distance, _) = error as? GzipError { true } else { false }
        }
    }

    @Test func limitIsExact() throws {
        for name in ["level0", "level9", "one-byte-repeated", "two-members", "empty"] {
            let bytes = try Self.fixture(name)
            let contents = try Gzip.decompress(bytes)
            #expect(try Gzip.decompress(bytes, limit: contents.count) == contents)
            guard !contents.isEmpty else { continue }
            #expect(throws: GzipError.tooLarge(limit: contents.count - 1)) {
                try Gzip.decompress(bytes, limit: contents.count - 1)
            }
        }
    }

    @Test(arguments: ["level0", "level9", "fixed-codes", "two-members", "all-fields", "empty"])
    func everyTruncationIsReported(name: String) throws {
        let bytes = try Self.fixture(name)
        let contents = try Gzip.decompress(bytes)
        for count in 1..<bytes.count {
            do throws(GzipError) {
                // Cut between two members the input is whole, and has less.
                let part = try Gzip.decompress(Array(bytes[..<count]))
                #expect(name == "two-members" && contents.starts(with: part) && part.count < contents.count)
            } catch {
                #expect(error == .truncated(byteCount: count))
            }
        }
        #expect(throws: GzipError.notGzip(offset: 0)) { try Gzip.decompress([]) }
    }

    @Test(arguments: ["level0", "level1", "level9", "fixed-codes", "two-members", "all-fields"])
    func flippedBitsNeverGoUnnoticed(name: String) throws {
        let bytes = try Self.fixture(name)
        let contents = try Gzip.decompress(bytes)
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<3000 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let index = Int.random(in: 0..<bytes.count, using: &generator)
                damaged[index] ^= 1 << UInt8.random(in: 0...7, using: &generator)
            }
            // Only header fields without meaning here (time, system, name) may change without harm.
            let result = Result { () throws(GzipError) in try Gzip.decompress(damaged, limit: 1 << 22) }
            if case .success(let part) = result { #expect(part == contents || contents.starts(with: part)) }
        }
    }

    @Test func randomBlocksNeverTrap() {
        var generator = SystemRandomNumberGenerator()
        let header: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
        for round in 0..<20_000 {
            var stream = (0..<80).map { _ in UInt8.random(in: 0...255, using: &generator) }
            stream[0] = stream[0] & 0xF8 | [3, 5, 1][round % 3]
            #expect(throws: GzipError.self) { try Gzip.decompress(header + stream, limit: 1 << 20) }
        }
    }

    @Test func errorsNameWhatIsWrong() throws {
        let empty = try Self.fixture("empty")
        func error(changing index: Int, to byte: UInt8) -> GzipError? {
            var bytes = empty
            bytes[index] = byte
            return #expect(throws: GzipError.self) { try Gzip.decompress(bytes) }
        }
        #expect(error(changing: 0, to: 0x50) == .notGzip(offset: 0))
        #expect(error(changing: 2, to: 7) == .unsupportedMethod(7))
        #expect(error(changing: 3, to: 0x80) == .reservedFlags(0x80))
        #expect(error(changing: 10, to: 0x07) == .corrupt(.reservedBlockType, offset: 11))
        #expect(error(changing: empty.count - 8, to: 1) == .checksum(expected: 1, found: 0))
        #expect(error(changing: empty.count - 4, to: 9) == .length(expected: 9, found: 0))
        #expect(throws: GzipError.notGzip(offset: empty.count)) { try Gzip.decompress(empty + [1]) }

        #expect(
            GzipError.truncated(byteCount: 12).description
                == "decompress: expected more data, found the end after 12 bytes; fetch the file again")
        #expect(
            GzipError.checksum(expected: 0xCAFE, found: 1).description
                == "decompress: expected contents with CRC-32 0xCAFE, found 0x1; fetch the file again")
    }
}

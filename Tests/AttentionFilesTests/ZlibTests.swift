import AttentionFiles
import Testing

@Suite struct ZlibTests {
    /// Empty, one byte, all the same, text that repeats itself, noise, and matches from as far away as there can be.
    private static var contents: [[UInt8]] {
        var state: UInt32 = 1
        func noise(_ count: Int) -> [UInt8] {
            (0..<count).map { _ in
                state = state &* 1_664_525 &+ 1_013_904_223
                return UInt8(state >> 24)
            }
        }
        let (far, start) = (noise(32_768), noise(300))
        return [
            [], [7], [UInt8](repeating: 0, count: 100_000), GzipTests.lines(400), noise(5000),
            start + far + start + far,
            (0..<70_000).map { UInt8(truncatingIfNeeded: $0 / 300 ^ $0 % 5) },
        ]
    }

    @Test func readsWhatItWrites() throws {
        for contents in Self.contents {
            #expect(try Zlib.decompress(Zlib.compress(contents), limit: contents.count) == contents)
        }
        #expect(Zlib.compress([UInt8](repeating: 0, count: 100_000)).count < 1000)
        #expect(Zlib.compress(GzipTests.lines(400)).count < GzipTests.lines(400).count / 2)
    }

    /// By Python: `zlib.compress(b"banana banana banana", 9)`.
    @Test func readsWhatZlibWrites() throws {
        let bytes: [UInt8] = [
            0x78, 0xDA, 0x4B, 0x4A, 0xCC, 0x03, 0x42, 0x85, 0x24, 0x64, 0x0A, 0x00, 0x4D, 0x84, 0x07, 0x64,
        ]
        #expect(try Zlib.decompress(bytes, limit: 20) == Array("banana banana banana".utf8))
    }

    @Test func refusesDamage() {
        let bytes = Zlib.compress(Array("banana banana".utf8))
        for count in 0..<bytes.count {
            #expect(throws: GzipError.self) { try Zlib.decompress(Array(bytes.prefix(count)), limit: 100) }
        }
        #expect(throws: GzipError.tooLarge(limit: 12)) { try Zlib.decompress(bytes, limit: 12) }
        #expect(throws: GzipError.notZlib(0x1F, 0x8B)) { try Zlib.decompress([0x1F, 0x8B, 8], limit: 9) }
        var damaged = bytes
        damaged[bytes.count - 1] ^= 1
        #expect(throws: GzipError.self) { try Zlib.decompress(damaged, limit: 100) }
        #expect(
            GzipError.notZlib(0x1F, 0x8B).description
                == "decompress: expected zlib data (78 and a check), found 0x1F 0x8B; fetch the file again")
        #expect(
            GzipError.adler32(expected: 1, found: 0xAB).description
                == "decompress: expected contents with Adler-32 0x1, found 0xAB; fetch the file again")
    }
}

import AttentionFiles
import AttentionSignals
import Testing

@Suite struct FLACTests {
    /// Every form in which the reference encoder writes, to the last bit of each sample.
    @Test func readsWhatTheReferenceWrites() throws {
        let names = try Fixtures.names("flac")
        #expect(names.count == 39)
        for name in names {
            let expected = try Fixtures.floats(
                name.replacing("flac/", with: "flac-samples/").replacing(".flac", with: ""))
            let bytes = try Fixtures.bytes(name)
            let sound = try FLAC.sound(from: bytes)
            let interleaved = (0..<sound.sampleCount).flatMap { index in sound.channels.map { $0[index] } }
            #expect(interleaved == expected, "\(name)")
            var shortages: [SoundShortage] = []
            #expect(try Sound(contentsOf: Fixtures.path(name), onShortage: { shortages.append($0) }) == sound)
            #expect(shortages.isEmpty, "\(name)")
            for (pieceSize, count) in [(1, 1), (7, 50), (300, 30), (4096, 1000)] {
                var (channels, rest) = ([[Float]](repeating: [], count: sound.channels.count), bytes[...])
                var reader = try SoundReader { () throws(FileError) in
                    defer { rest = rest.dropFirst(pieceSize) }
                    return Array(rest.prefix(pieceSize))
                }
                #expect(reader.sampleRate == sound.sampleRate && reader.channelCount == sound.channels.count)
                while let piece = try reader.next(upTo: count) {
                    for channel in channels.indices { channels[channel] += piece.channels[channel] }
                }
                #expect(channels == sound.channels, "\(name) in pieces of \(pieceSize)")
            }
        }
    }

    @Test func readsRatesAndChannels() throws {
        for rate in [7000, 11025, 22222, 96000, 500_000] {
            #expect(try Sound(contentsOf: Fixtures.path("flac/rate-\(rate).flac")).sampleRate == rate)
        }
        for count in [3, 6, 8] {
            #expect(try Sound(contentsOf: Fixtures.path("flac/channels-\(count).flac")).channels.count == count)
        }
    }

    /// Blocks of any sizes, whose numbers take from one byte to seven, and something behind them.
    @Test func readsBlocksOfManySizes() throws {
        let frames: [[UInt8]] = [
            FLACFile.frame([0xFF, 0xF9, 0x10, 0, 0], "0 000000 0" + "0000000000000001"),
            FLACFile.frame([0xFF, 0xF9, 0x60, 0, 0xC3, 0x80, 2], "0 000000 1 0001" + "111111111111"),
            FLACFile.frame(
                [0xFF, 0xF9, 0x70, 8, 0xFE] + [UInt8](repeating: 0xBF, count: 6) + [0xFF, 0xFE],
                "0 000000 0 1000000000000000"),
        ]
        let expected: [Float] =
            [Float](repeating: 1 / 32768, count: 192) + [Float](repeating: -16 / 32768, count: 3)
            + [Float](repeating: -1, count: 65535)
        let file = FLACFile.bytes(of: frames)
        #expect(try FLAC.sound(from: file).mono == expected)
        #expect(try FLAC.sound(from: file + Array("TAG".utf8) + [UInt8](repeating: 0, count: 125)).mono == expected)
        let known = FLACFile.bytes(of: frames, sampleCount: expected.count)
        #expect(try FLAC.sound(from: known + [1, 2, 3]).mono == expected)
        // A file that says too few has the others, too.
        #expect(try FLAC.sound(from: FLACFile.bytes(of: frames, sampleCount: 10)).mono == expected)
        #expect(try FLAC.sound(from: FLACFile.bytes(of: [])).sampleCount == 0)
    }

    /// A few bytes may say thousands of samples: what is allowed is checked before there is memory for more.
    @Test func theLimitHolds() throws {
        let frame = FLACFile.frame([0xFF, 0xF8, 0x70, 0, 0, 0xFF, 0xFE], "0 000000 0 0000000000000000")
        let frames = [[UInt8]](repeating: frame, count: 20)
        func complaint(_ bytes: [UInt8]) -> String {
            do throws(SignalError) { return "\(try FLAC.sound(from: bytes, limit: 1 << 20).sampleCount)" } catch {
                return error.description
            }
        }
        #expect(complaint(FLACFile.bytes(of: Array(frames.prefix(16)))) == "1048560")
        let way = "raise the limit, or make it smaller first"
        #expect(complaint(FLACFile.bytes(of: frames)) == "sound: expected at most 1048576 samples, found more; \(way)")
        #expect(
            complaint(FLACFile.bytes(of: [], sampleCount: 1 << 35))
                == "sound: expected at most 1048576 samples, found 34359738368 of 1 channels each; \(way)")
    }

    /// Check values of these polynomials: of the digits from 1 to 9.
    @Test func checksums() {
        let digits = Array("123456789".utf8)
        #expect(FLACChecksum.ofHeader(digits[...]) == 0xF4)
        #expect(FLACChecksum.ofFrame(digits[...]) == 0xFEE8)
    }
}

/// Files of frames that are made by hand, with the right checksums: 16 bits at 16 kHz.
enum FLACFile {
    static func bytes(of frames: [[UInt8]], sampleCount: Int = 0) -> [UInt8] {
        // 20 bits of the rate, 3 of the channels, 5 of the bits, 36 of the length.
        let fields = 16000 << 44 | 15 << 36 | sampleCount
        return Array("fLaC".utf8) + [0x80, 0, 0, 34] + [UInt8](repeating: 0, count: 10)
            + (0..<8).map { UInt8(truncatingIfNeeded: fields >> (56 - 8 * $0)) } + [UInt8](repeating: 0, count: 16)
            + frames.flatMap(\.self)
    }

    /// A header with its checksum, the samples in bits as the standard draws them, and the checksum of all.
    static func frame(_ header: [UInt8], _ bits: String) -> [UInt8] {
        var (samples, byte, count): ([UInt8], UInt8, Int) = ([], 0, 0)
        for bit in bits where bit != " " {
            byte = byte << 1 | (bit == "1" ? 1 : 0)
            count += 1
            if count % 8 == 0 { samples.append(byte) }
        }
        if count % 8 > 0 { samples.append(byte << UInt8(8 - count % 8)) }
        let front = header + [FLACChecksum.ofHeader(header[...])] + samples
        let checksum = FLACChecksum.ofFrame(front[...])
        return front + [UInt8(checksum >> 8), UInt8(checksum & 0xFF)]
    }
}

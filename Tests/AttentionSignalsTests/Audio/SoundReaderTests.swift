import AttentionFiles
import AttentionSignals
import Testing

@Suite struct SoundReaderTests {
    /// Bytes that arrive a few at a time.
    private static func reader(of bytes: [UInt8], pieceSize: Int) throws -> SoundReader {
        var rest = bytes[...]
        return try SoundReader { () throws(FileError) in
            defer { rest = rest.dropFirst(pieceSize) }
            return Array(rest.prefix(pieceSize))
        }
    }

    private static func samples(of reader: consuming SoundReader, upTo count: Int) throws -> [[Float]] {
        var channels = [[Float]](repeating: [], count: reader.channelCount)
        while let piece = try reader.next(upTo: count) {
            #expect((1...count).contains(piece.sampleCount) && piece.sampleRate == reader.sampleRate)
            for channel in channels.indices { channels[channel] += piece.channels[channel] }
        }
        #expect(try reader.next(upTo: count) == nil)
        return channels
    }

    @Test(arguments: [
        "pcm8", "pcm16", "pcm24", "pcm32", "float32", "float64", "extensible16", "extensible24", "extensible-float",
        "odd-chunk", "empty", "one-sample",
    ])
    func piecesAreTheWhole(_ name: String) throws {
        let bytes = try Fixtures.bytes("wav/\(name).wav")
        let whole = try WAV.sound(from: bytes)
        for (pieceSize, count) in [(1, 1), (7, 5), (4096, 30), (100, 1000)] {
            let reader = try Self.reader(of: bytes, pieceSize: pieceSize)
            #expect(reader.sampleRate == whole.sampleRate)
            #expect(try Self.samples(of: reader, upTo: count) == whole.channels)
        }
        #expect(
            try Self.samples(of: SoundReader(contentsOf: Fixtures.path("wav/\(name).wav")), upTo: 9) == whole.channels)
    }

    @Test func whatIsCutIsReadAsFarAsItGoes() throws {
        let bytes = try Fixtures.bytes("wav/pcm16.wav")
        let cut = Array(bytes.dropLast(5))
        let samples = try Self.samples(of: Self.reader(of: cut, pieceSize: 50), upTo: 40)
        #expect(samples == (try WAV.sound(from: cut).channels))
        for count in 0..<44 {
            #expect(throws: SignalError.self) {
                try Self.reader(of: Array(bytes.prefix(count)), pieceSize: 8).sampleRate
            }
        }
        #expect(throws: SignalError.self) { try SoundReader(contentsOf: "/nowhere/at/all.wav").sampleRate }
    }

    @Test func whatIsCutIsToldOnce() throws {
        for (name, lost) in [("wav/pcm16.wav", 5), ("flac/block-256.flac", 1), ("flac/unknown-length.flac", 1)] {
            for dropped in [0, lost] {
                var told: [SoundShortage] = []
                let bytes = try Fixtures.bytes(name).dropLast(dropped)
                var reader = try Self.reader(of: Array(bytes), pieceSize: 50)
                reader.onShortage = { told.append($0) }
                _ = try Self.samples(of: reader, upTo: 60)
                #expect(told.count == (dropped == 0 ? 0 : 1), "\(name)")
            }
        }
    }

    @Test func whatItIsSaysItsBeginning() throws {
        func complaint(_ bytes: [UInt8]) -> String {
            do throws(SignalError) { return "\(try Sound(bytes).sampleCount) samples" } catch {
                return error.description
            }
        }
        let way = "convert it, with: ffmpeg -i IN OUT.flac"
        #expect(complaint([]) == "sound: expected a WAV or FLAC file, found no bytes; \(way)")
        #expect(
            complaint(Array("OggS\0\u{2}".utf8)) == "sound: expected a WAV or FLAC file, found an Ogg file; \(way)")
        #expect(
            complaint([1, 2, 3, 4, 5])
                == "sound: expected a WAV or FLAC file, found one that begins with [1, 2, 3, 4]; \(way)")
        #expect(complaint(try Fixtures.bytes("wav/pcm16.wav")) == "97 samples")
        #expect(complaint(try Fixtures.bytes("flac/block-256.flac")) == "700 samples")
        #expect(
            Sound.isNamed("a.wav") && Sound.isNamed("a/B.FLAC") && !Sound.isNamed("flac") && !Sound.isNamed("a.mp3"))
    }

    @Test func whatIsNotFiniteIsRefusedByItsPlace() throws {
        var bytes = try Fixtures.bytes("wav/float32.wav")
        let frame = try WAV.sound(from: bytes).channels.count * 4
        let start = bytes.count - 97 * frame
        bytes.replaceSubrange(start + 50 * frame..<start + 50 * frame + 4, with: [0, 0, 0xC0, 0x7F])
        #expect {
            try Self.samples(of: Self.reader(of: bytes, pieceSize: 64), upTo: 20)
        } throws: {
            "\($0)"
                == "wav: expected finite samples, found nan as sample 50 of channel 0; write the sound anew, or put 0 there"
        }
    }

    @Test(arguments: [(44100, 16000), (8000, 16000), (48000, 16000), (16000, 22050), (7, 160), (16000, 16000)])
    func resampledPiecesAreTheResampledWhole(_ from: Int, _ to: Int) throws {
        let input = try Fixtures.floats("resampling/input")
        let whole = try Sound(input, sampleRate: from).resampled(to: to).mono
        for size in [61, 777, input.count] {
            var stream = try ResamplingStream(from: from, to: to)
            var found: [Float] = []
            for start in stride(from: 0, to: input.count, by: size) {
                found += try stream(Array(input[start..<min(input.count, start + size)]))
            }
            found += try stream.finish()
            #expect(found == whole, "\(size)")
        }
        var nothing = try ResamplingStream(from: from, to: to)
        #expect(try nothing.finish() == [])
    }
}

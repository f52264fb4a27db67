import AttentionSignals
import Testing

@Suite struct WAVTests {
    @Test(arguments: [
        "pcm8", "pcm16", "pcm24", "pcm32", "float32", "float64", "extensible16", "extensible24", "extensible-float",
    ])
    func readsEveryForm(_ name: String) throws {
        let sound = try Sound(contentsOf: Fixtures.path("wav/\(name).wav"))
        let expected = try Fixtures.floats("wav-samples/\(name)")
        #expect(sound.sampleRate == 8000)
        #expect(sound.sampleCount == 97)
        let interleaved = (0..<sound.sampleCount).flatMap { index in sound.channels.map { $0[index] } }
        #expect(interleaved == expected)
    }

    @Test func severalChannelsBecomeTheirMean() throws {
        let sound = try Sound(channels: [[1, 0.5, -1], [0, 0.5, -1], [0.5, 0.5, 0.5]], sampleRate: 8000)
        #expect(sound.mono == [0.5, 0.5, -0.5])
        #expect(try Sound(contentsOf: Fixtures.path("wav/extensible16.wav")).channels.count == 8)
    }

    @Test func readsTheShortAndTheOdd() throws {
        let empty = try Sound(contentsOf: Fixtures.path("wav/empty.wav"))
        #expect(empty.sampleCount == 0 && empty.duration == 0 && empty.mono == [])
        let one = try Sound(contentsOf: Fixtures.path("wav/one-sample.wav"))
        #expect(one.mono == [0.5] && one.sampleRate == 44100)
        #expect(try Sound(contentsOf: Fixtures.path("wav/odd-chunk.wav")).sampleCount == 50)
    }

    /// A recorder that writes into a pipe says a length it does not know; what is there is read.
    @Test func readsWhatIsThereOfACutChunk() throws {
        let bytes = try Fixtures.bytes("wav/pcm16.wav")
        let whole = try WAV.sound(from: bytes)
        let cut = try WAV.sound(from: Array(bytes.dropLast(5)))
        #expect(cut.sampleCount == 95)
        #expect(cut.channels == whole.channels.map { Array($0.prefix(95)) })
        var unknown = bytes
        unknown.replaceSubrange(40..<44, with: [255, 255, 255, 255])
        #expect(try WAV.sound(from: unknown) == whole)
    }

    /// What a cut file lacks is told, but of the lengths that recorders into a pipe say, nobody expects that they are right.
    @Test func saysWhatACutFileLacks() throws {
        let bytes = try Fixtures.bytes("wav/pcm16.wav")
        func shortages(_ bytes: [UInt8]) throws -> [String] {
            var told: [String] = []
            _ = try Sound(bytes) { told.append($0.description) }
            return told
        }
        #expect(try shortages(bytes) == [])
        #expect(
            try shortages(bytes.dropLast(5)) == [
                "wav: expected 97 samples of each channel, found 95; the file is cut short, what is there was read"
            ])
        #expect(
            try shortages(Array(bytes.prefix(44))) == [
                "wav: expected 97 samples of each channel, found 0; the file is cut short, what is there was read"
            ])
        for length: [UInt8] in [[0, 0xF0, 0xFF, 0x7F], [0, 0xFF, 0xFF, 0x7F], [0xFF, 0xFF, 0xFF, 0xFF]] {
            var unknown = bytes
            unknown.replaceSubrange(40..<44, with: length)
            #expect(try shortages(unknown) == [])
        }
    }

    @Test func refusesEveryCutBeforeTheSamples() throws {
        let bytes = try Fixtures.bytes("wav/pcm16.wav")
        for count in 0..<44 {
            #expect(throws: SignalError.self) { try WAV.sound(from: Array(bytes.prefix(count))) }
        }
    }

    @Test func writesWhatItReads() throws {
        let sound = try Sound(contentsOf: Fixtures.path("wav/pcm16.wav"))
        #expect(try WAV.sound(from: WAV.bytes(of: sound)) == sound)
        let step: Float = 1 / 32768
        let loud = try WAV.sound(from: WAV.bytes(of: Sound([2, -2, 1, -1, 1.5 * step, 0.5 * step], sampleRate: 5)))
        #expect(loud.mono == [1 - step, -1, 1 - step, -1, 2 * step, 0])
    }

    /// What is thrown, as a sentence.
    private func sentence(_ bytes: [UInt8]) -> String {
        do throws(SignalError) { return "\(try WAV.sound(from: bytes).sampleCount) samples" } catch {
            return error.description
        }
    }

    @Test func saysWhatIsWrong() throws {
        let way = "the file is damaged or of another kind: copy it again, or take another"
        #expect(
            sentence([1, 2]) == "wav: expected RIFF, a length and WAVE at the beginning, found other bytes; \(way)")
        var bytes = try Fixtures.bytes("wav/pcm16.wav")
        func changed(_ place: Int, _ values: UInt8...) -> [UInt8] {
            var changed = bytes
            changed.replaceSubrange(place..<place + values.count, with: values)
            return changed
        }
        #expect(
            sentence(changed(20, 6, 0))
                == "wav: expected PCM (1) of 8, 16, 24 or 32 bits or floats (3) of 32 or 64, found format 6 of 16 bits; "
                + "convert it, with: ffmpeg -i IN.wav -c:a pcm_s16le OUT.wav")
        #expect(sentence(changed(22, 0, 0)) == "wav: expected a channel or more, found none; \(way)")
        #expect(sentence(changed(32, 5, 0)) == "wav: expected frames of 4 bytes, found 5; \(way)")
        #expect(
            sentence(changed(24, 0, 0, 0, 0))
                == "wav: expected a rate of 1 to 1000000 samples a second, found 0; say the rate that the sound was recorded at"
        )
        bytes = try WAV.bytes(of: Sound([0, 0, 0, 0], sampleRate: 8000))
        bytes = changed(20, 3, 0)
        bytes = changed(32, 4, 0, 32, 0)
        bytes.replaceSubrange(44..., with: [0, 0, 0, 0, 0, 0, 0xC0, 0x7F])
        #expect(
            sentence(bytes)
                == "wav: expected finite samples, found nan as sample 1 of channel 0; write the sound anew, or put 0 there"
        )
    }

    @Test func refusesWhatIsNoSound() {
        #expect(throws: SignalError.self) { try Sound(channels: [], sampleRate: 8000) }
        #expect(throws: SignalError.self) { try Sound(channels: [[0], [0, 1]], sampleRate: 8000) }
        #expect(throws: SignalError.self) { try Sound([.infinity], sampleRate: 8000) }
        #expect(throws: SignalError.self) { try Sound([0], sampleRate: -1) }
        #expect(throws: SignalError.self) { try Sound(contentsOf: "/nowhere/sound.wav") }
    }
}

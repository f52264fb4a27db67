import AttentionSignals
import Testing

@Suite struct SpectrogramTests {
    private func speech() throws -> Sound { try Sound(contentsOf: Fixtures.path("spectrograms/speech.wav")) }

    @Test(arguments: [80, 128]) func equalsWhispers(_ bandCount: Int) throws {
        let whisper = try LogMel.whisper(bandCount: bandCount)
        let plain = try whisper(speech())
        #expect(plain.bandCount == bandCount && plain.frameCount == 15)
        #expect(
            Fixtures.distance(plain.bandMajorValues, try Fixtures.floats("spectrograms/whisper-\(bandCount)-plain"))
                < 5e-5)

        let padded = try whisper(speech().fitted(toSampleCount: 480_000))
        #expect(padded.frameCount == 3000)
        let expected = try Fixtures.floats("spectrograms/whisper-\(bandCount)")
        #expect(Fixtures.distance(padded.fitted(toFrameCount: 20).bandMajorValues, expected) < 5e-5)
        // Behind the sound all is as silent as can be.
        #expect(Set(padded.values.dropFirst(20 * bandCount)).count == 1)
    }

    /// A pixel for each number, low bands at the bottom; the least is black, the greatest white, what lies between in proportion.
    @Test func hasAPicture() throws {
        let spectrogram = try LogMel.whisper()(speech())
        let (picture, values) = (try Image(spectrogram), spectrogram.values)
        #expect(picture.width == 15 && picture.height == 80 && picture.channels == .grey)
        let (least, greatest) = (try #require(values.min()), try #require(values.max()))
        for (place, value) in values.enumerated() {
            let (frame, band) = place.quotientAndRemainder(dividingBy: 80)
            let shade = Float(try #require(picture[frame, 79 - band].first))
            #expect(abs(shade - (value - least) / (greatest - least) * 255) <= 0.501)
        }
        #expect(picture.samples.min() == 0 && picture.samples.max() == 255)
        // However far apart they are: here further than the greatest number in single precision.
        let far = spectrogram.normalized(mean: (least + greatest) / 2, deviation: (greatest - least) / 2e30)
            .normalized(mean: 0, deviation: 1 / 3e8)
        let same = try zip(Image(far).samples, picture.samples).allSatisfy { abs(Int($0) - Int($1)) <= 1 }
        #expect(same && far.values.allSatisfy(\.isFinite))
        // What is nowhere louder is black.
        let silence = try LogMel.whisper()(Sound([Float](repeating: 0, count: 800), sampleRate: 16000))
        #expect(Set(try Image(silence).samples) == [0])
        let refusal = #expect(throws: SignalError.self) { try Image(spectrogram.fitted(toFrameCount: 0)) }
        #expect(
            refusal?.description
                == "picture of a spectrogram: expected one moment and one band or more, and finite numbers, "
                + "found 0 moments, 80 bands; take a longer sound")
        #expect(throws: SignalError.self) { try Image(spectrogram.normalized(mean: 0, deviation: 0)) }
    }

    @Test func equalsKaldis() throws {
        let features = try LogMel.kaldi(bandCount: 40)(speech())
        #expect(Fixtures.distance(features.values, try Fixtures.floats("spectrograms/kaldi")) < 1e-4)
    }

    @Test(arguments: [("slaney", MelScale.slaney), ("htk", MelScale.htk)])
    func equalsLibrosas(_ name: String, _ scale: MelScale) throws {
        let mel = try LogMel.librosa(sampleRate: 16000, size: 256, hop: 256, bandCount: 20, scale: scale)(speech())
        #expect(Fixtures.distance(mel.values, try Fixtures.floats("spectrograms/librosa-\(name)")) < 1e-4)
        let filters = try MelFilterBank(bandCount: 12, binCount: 65, sampleRate: 16000, range: 0...8000, scale: scale)
        let weights = filters.weights.flatMap { $0.map { Float($0) } }
        #expect(Fixtures.distance(weights, try Fixtures.floats("spectrograms/mel-\(name)")) < 1e-8)
    }

    @Test func powersEqualLibrosas() throws {
        let spectrum = try PowerSpectrum(window: WindowFunction.hann.values(count: 400), hop: 300)
        let powers = try spectrum(speech().mono)
        let expected = try Fixtures.floats("spectrograms/power")
        #expect(powers.bandCount == 201 && powers.values.count == expected.count)
        let near = zip(powers.values, expected).allSatisfy { abs($0 - $1) <= 1e-5 * (1 + $1) }
        #expect(near)
    }

    /// The four frames that are computed at once do not know of each other.
    @Test func framesStandAlone() throws {
        let samples = try speech().mono
        let spectrum = try PowerSpectrum(window: WindowFunction.hamming.values(count: 100), hop: 37, padding: .none)
        let all = try spectrum(samples)
        for frame in 0..<all.frameCount {
            let alone = try spectrum(Array(samples[frame * 37..<frame * 37 + 100]))
            #expect(alone.frameCount == 1)
            let row = all.values[frame * all.bandCount..<(frame + 1) * all.bandCount]
            let near = zip(alone.values, row).allSatisfy { abs($0 - $1) <= 1e-6 * (1e-3 + abs($1)) }
            #expect(near)
        }
    }

    @Test func saysWhatDoesNotFit() throws {
        let whisper = try LogMel.whisper()
        #expect(
            throws: SignalError.unfit(
                operation: "log-mel", expected: "a sound of 16000 samples a second", found: "8000",
                wayOut: "take sound.resampled(to: 16000)")
        ) { try whisper(Sound([0], sampleRate: 8000)) }
        #expect(
            throws: SignalError.unfit(
                operation: "spectrogram", expected: "more than 200 samples, to mirror them at the ends", found: "1",
                wayOut: "lengthen the sound with fitted(toSampleCount:)")
        ) { try whisper(Sound([0], sampleRate: 16000)) }
        #expect(throws: SignalError.self) { try whisper(Sound([], sampleRate: 16000)) }
        // Of a sound that is shorter than a frame Kaldi has no frames.
        #expect(try LogMel.kaldi()(Sound([0.5], sampleRate: 16000)).frameCount == 0)
        #expect(throws: SignalError.self) { try PowerSpectrum(window: [], hop: 1) }
        #expect(throws: SignalError.self) { try PowerSpectrum(window: [1, 1], hop: 0) }
        #expect(throws: SignalError.self) {
            try MelFilterBank(bandCount: 0, binCount: 3, sampleRate: 8000, range: 0...4000)
        }
        #expect(throws: SignalError.self) {
            try MelFilterBank(bandCount: 4, binCount: 3, sampleRate: 8000, range: 0...4001)
        }
    }
}

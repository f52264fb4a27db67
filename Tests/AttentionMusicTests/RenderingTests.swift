import AttentionMusic
import Testing

@Suite struct RenderingTests {
    /// A single harmonic is a sine of the pitch's frequency: 440 Hz crosses zero upwards 440 times a second.
    @Test func aNoteHasItsFrequency() throws {
        let score = MusicScore(resolution: 1, parts: [.init(name: "", notes: [.init(pitch: 69, start: 0, end: 2)])])
        let samples = try Synthesizer(sampleRate: 8000, harmonics: [1], attack: 0, release: 0)(score)
        #expect(samples.count == 8000)
        let crossings = zip(samples, samples.dropFirst()).count { $0 < 0 && $1 >= 0 }
        #expect(abs(crossings - 440) <= 1)
        #expect(abs((samples.max() ?? 0) - 0.9) < 1e-5)
    }

    @Test func nothingIsLouderThanItMayBe() throws {
        let chorale = try ChoraleGrid(pitches: ChoraleTests.pitches)
        let samples = try Synthesizer()(chorale.score())
        #expect(samples.allSatisfy { abs($0) <= 0.9 })
        #expect(samples == (try Synthesizer()(chorale.score())))
        #expect(try Synthesizer()(MusicScore(resolution: 1, parts: [])).allSatisfy { $0 == 0 })
        let long = MusicScore(
            resolution: 1, parts: [.init(name: "", notes: [.init(pitch: 69, start: 0, end: 1 << 50)])])
        #expect(
            sentence { _ = try Synthesizer()(long) }
                == "synthesis: expected at most 3600 seconds, found 562949953421312; make it shorter first")
    }

    @Test func thePictureHasEveryNote() throws {
        let chorale = try ChoraleGrid(pitches: ChoraleTests.pitches)
        let svg = PianoRoll(
            chorale, title: "A <b> & \u{1}", gaze: .init(voice: .soprano, step: 2, bars: [1]), firstWritten: 1
        ).svg
        #expect(svg.components(of: "rx=\"2\"") == 6)
        #expect(svg.contains("<title>soprano C5</title>") && svg.contains("<title>bass G2</title>"))
        #expect(svg.contains("A &lt;b&gt; &amp; \u{FFFD}") && svg.contains("bar 1: 100.0 %"))
        #expect(svg.components(of: "here the model begins") == 1)
        #expect(PianoRoll(try ChoraleGrid(pitches: [])).svg.hasSuffix("</svg>\n"))
    }
}

extension String {
    fileprivate func components(of part: String) -> Int { ranges(of: part).count }
}

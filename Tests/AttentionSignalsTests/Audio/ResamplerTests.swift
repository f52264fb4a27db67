import AttentionSignals
import Foundation
import Testing

@Suite struct ResamplerTests {
    static let filters: [(String, ResamplingFilter)] = [
        ("hann", .hann), ("kaiser-fast", .kaiserFast), ("kaiser-best", .kaiserBest),
    ]

    @Test(arguments: [(44100, 16000), (8000, 16000), (48000, 16000), (16000, 22050)])
    func equalsTorchaudio(_ from: Int, _ to: Int) throws {
        let input = try Fixtures.floats("resampling/input")
        for (name, filter) in Self.filters {
            let expected = try Fixtures.floats("resampling/\(name)-\(from)-\(to)")
            let resampled = try Sound(input, sampleRate: from).resampled(to: to, filter: filter)
            #expect(resampled.sampleRate == to)
            #expect(Fixtures.distance(resampled.mono, expected) < 2e-6, "\(name)")
        }
    }

    /// A tone below both limits comes out as the same tone.
    @Test(arguments: [(8000, 44100), (44100, 8000), (11025, 16000), (7, 160)])
    func keepsTones(_ from: Int, _ to: Int) throws {
        let frequency = Double(min(from, to)) / 5
        func tone(_ rate: Int) -> [Float] {
            (0..<rate * 3000 / from).map { Float(sin(2 * Double.pi * frequency * Double($0) / Double(rate))) }
        }
        let resampled = try Sound(tone(from), sampleRate: from).resampled(to: to)
        let expected = tone(to)
        // Away from the ends, where the sound stops.
        let inside = expected.count / 4..<expected.count * 3 / 4
        #expect(Fixtures.distance(Array(resampled.mono[inside]), Array(expected[inside])) < 1e-4)
    }

    @Test func lengthsRoundUp() throws {
        #expect(try Sound([], sampleRate: 8000).resampled(to: 16000).sampleCount == 0)
        #expect(try Sound([1], sampleRate: 44100).resampled(to: 16000).sampleCount == 1)
        #expect(try Sound([1, 1, 1], sampleRate: 2).resampled(to: 1).sampleCount == 2)
        #expect(try Sound([0.25, 0.5], sampleRate: 8000).resampled(to: 8000).mono == [0.25, 0.5])
    }

    @Test func refusesWhatWouldBeTooLong() throws {
        let sound = try Sound([Float](repeating: 0, count: 1000), sampleRate: 1)
        #expect(
            throws: SignalError.tooLarge(
                operation: "resample", limit: 1 << 29, unit: "samples", found: "1000 samples times 1000000/1")
        ) { try sound.resampled(to: 1_000_000, filter: .hann) }
        #expect(throws: SignalError.self) { try sound.resampled(to: 0) }
        // No common divisor: a row of weights for each of the samples of a second.
        #expect(throws: SignalError.self) { try Resampler(from: 999_983, to: 999_979) }
    }
}

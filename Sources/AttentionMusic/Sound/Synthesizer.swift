internal import Glibc

/// Makes a score heard by adding sine waves: a note is its first harmonics, each with a share of the amplitude, that swell and fade.
///
///     x(t) = Σ_k a_k e(t) sin(2π k f t),   f = 440 · 2^((pitch − 69) / 12)
///
/// Harmonics at or above half the sample rate are left out. The loudest sample of the whole is 0.9, so nothing is cut.
public struct Synthesizer: Sendable, Hashable {
    /// Samples a second.
    public var sampleRate: Int
    /// a_k, from the fundamental on.
    public var harmonics: [Double]
    /// Seconds in which a note swells.
    public var attack: Double
    /// Seconds in which it fades behind its end.
    public var release: Double

    /// The longest music that is made, in seconds.
    public static let longest = 3600.0

    /// A soft organ.
    public init(
        sampleRate: Int = 22_050, harmonics: [Double] = [1, 0.5, 0.3, 0.15, 0.08, 0.05], attack: Double = 0.02,
        release: Double = 0.12
    ) {
        (self.sampleRate, self.harmonics, self.attack, self.release) = (sampleRate, harmonics, attack, release)
    }

    /// The sound of a score, one channel, each sample from −0.9 to 0.9.
    ///
    /// - Throws: ``MusicError`` if it lasts longer than ``longest``.
    /// - Complexity: O(seconds of all notes · sample rate · harmonics).
    public func callAsFunction(_ score: MusicScore) throws(MusicError) -> [Float] {
        let map = TempoMap(score)
        let duration = map.seconds(at: score.end) + release
        guard duration <= Self.longest else {
            throw .tooLarge(
                operation: "synthesis", limit: Int(Self.longest), unit: "seconds", found: "\(Int(min(duration, 1e15)))")
        }
        var mixed = [Double](repeating: 0, count: Int((duration * Double(sampleRate)).rounded(.up)))
        for part in score.parts {
            for note in part.notes {
                add(note, from: map.seconds(at: note.start), to: map.seconds(at: note.end), to: &mixed)
            }
        }
        let loudest = mixed.reduce(0) { max($0, abs($1)) }
        return mixed.map { Float(loudest > 0 ? $0 * (0.9 / loudest) : 0) }
    }

    private func add(_ note: MusicScore.Note, from start: Double, to end: Double, to mixed: inout [Double]) {
        let rate = Double(sampleRate)
        let first = Int(start * rate)
        let count = min(Int((end - start + release) * rate), mixed.count - first)
        let frequency = 440 * exp2(Double(note.pitch - 69) / 12)
        let loudness = Double(note.velocity) / 127
        for (index, share) in harmonics.enumerated() where frequency * Double(index + 1) < rate / 2 {
            // A point that turns: its height is the sine, without computing one for every sample.
            let angle = 2 * Double.pi * frequency * Double(index + 1) / rate
            let (cosine, sine) = (cos(angle), sin(angle))
            var (x, y) = (1.0, 0.0)
            for sample in 0..<max(0, count) {
                let time = Double(sample) / rate
                mixed[first + sample] += loudness * share * envelope(time, length: end - start) * y
                (x, y) = (x * cosine - y * sine, x * sine + y * cosine)
            }
        }
    }

    /// From 0 to 1 in the attack, from what it is at the end to 0 in the release.
    private func envelope(_ time: Double, length: Double) -> Double {
        let swelling = attack > 0 ? min(1, min(time, length) / attack) : 1
        return swelling * (release > 0 ? min(1, max(0, 1 - (time - length) / release)) : 1)
    }
}

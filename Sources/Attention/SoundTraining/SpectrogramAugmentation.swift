import AttentionTensors

/// A spectrogram as it might have been instead: moved in time, and with some bands and some moments that are not heard (Park et al. 2019, *SpecAugment*,
/// sec. 2: time and frequency masking).
struct SpectrogramAugmentation: Sendable {
    private let settings: HearingSettings
    /// What nothing looks like.
    private let silence: Float

    /// What these settings ask for.
    /// - Parameter silence: the number that stands where no sound is.
    init(settings: HearingSettings, silence: Float) { (self.settings, self.silence) = (settings, silence) }

    /// Another spectrogram [moments, bands] of the same size; the same of the same numbers and key.
    func callAsFunction(_ values: [Float], bandCount: Int, key: RandomKey) -> [Float] {
        var generator = key.generator()
        let frameCount = values.count / bandCount
        let shift = Int.random(in: -settings.shift...settings.shift, using: &generator)
        let moments = part(of: frameCount, atMost: settings.maskedMoments, &generator)
        let bands = part(of: bandCount, atMost: settings.maskedBands, &generator)
        var made = [Float](repeating: silence, count: values.count)
        for frame in 0..<frameCount where 0..<frameCount ~= frame - shift {
            for band in 0..<bandCount { made[frame * bandCount + band] = values[(frame - shift) * bandCount + band] }
        }
        // What is masked is as loud as all is on average, which is 0.
        for frame in 0..<frameCount {
            for band in moments.contains(frame) ? 0..<bandCount : bands { made[frame * bandCount + band] = 0 }
        }
        return made
    }

    /// Some places next to each other, none to `most` of them.
    private func part(of count: Int, atMost most: Int, _ generator: inout RandomGenerator) -> Range<Int> {
        let length = Int.random(in: 0...min(count, most), using: &generator)
        let start = Int.random(in: 0...count - length, using: &generator)
        return start..<start + length
    }
}

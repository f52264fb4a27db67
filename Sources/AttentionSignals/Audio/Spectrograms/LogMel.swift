/// The log-mel spectrogram of a sound: the logarithm of the power in each band of a mel filter bank.
///
///     let features = try LogMel.whisper()(sound.resampled(to: 16_000).fitted(toSampleCount: 480_000))
///
/// - Complexity: O(frames · size log size); thirty seconds take some twenty milliseconds.
public struct LogMel: Sendable {
    /// How powers are made smaller numbers.
    public enum Scaling: Sendable, Hashable {
        /// ln max(p, floor)
        case natural(floor: Double)
        /// With y = log₁₀ max(p, 10⁻¹⁰): (max(y, max y − 8) + 4) / 4, as Whisper was trained.
        case whisper
        /// With y = 10 log₁₀ max(p, floor) − 10 log₁₀ max(reference, floor): max(y, max y − range), as librosa's `power_to_db`. The reference
        /// is the largest power if nil.
        case decibels(reference: Double?, floor: Double, range: Double?)
    }

    public let sampleRate: Int
    public let spectrum: PowerSpectrum
    public let filters: MelFilterBank
    public let scaling: Scaling
    /// Whether the frame behind the last whole hop is left out, as Whisper does.
    public let dropsLastFrame: Bool

    /// - Throws: ``SignalError`` unless the filters are made for the frequencies of the spectrum.
    public init(
        sampleRate: Int, spectrum: PowerSpectrum, filters: MelFilterBank, scaling: Scaling, dropsLastFrame: Bool = false
    ) throws(SignalError) {
        guard filters.binCount == spectrum.binCount else {
            throw .unfit(
                operation: "log-mel", expected: "filters for \(spectrum.binCount) frequencies",
                found: "filters for \(filters.binCount)", wayOut: "make them with that binCount")
        }
        (self.sampleRate, self.spectrum, self.filters) = (sampleRate, spectrum, filters)
        (self.scaling, self.dropsLastFrame) = (scaling, dropsLastFrame)
    }

    /// The spectrogram, `[frames, bands]`, of all channels as one.
    ///
    /// - Throws: ``SignalError`` if the sound has another rate, or is too short to be mirrored at its ends.
    public func callAsFunction(_ sound: Sound) throws(SignalError) -> Spectrogram {
        guard sound.sampleRate == sampleRate else {
            throw .unfit(
                operation: "log-mel", expected: "a sound of \(sampleRate) samples a second",
                found: "\(sound.sampleRate)", wayOut: "take sound.resampled(to: \(sampleRate))")
        }
        let samples = sound.mono
        let count = max(0, spectrum.frameCount(sampleCount: samples.count) - (dropsLastFrame ? 1 : 0))
        let bandCount = filters.bandCount
        var values = [Float](repeating: 0, count: count * bandCount)
        var energies = [SIMD4<Double>](repeating: .zero, count: bandCount)
        try spectrum.forEachFour(of: samples) { first, powers in
            filters.apply(to: powers, into: &energies)
            for (band, energy) in energies.enumerated() {
                for frame in first..<max(first, min(first + 4, count)) {
                    values[frame * bandCount + band] = scaling.logarithm(of: energy[frame - first])
                }
            }
        }
        scaling.finish(&values)
        return Spectrogram(values, frameCount: count, bandCount: bandCount)
    }
}

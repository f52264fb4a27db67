extension LogMel {
    /// The rate at which Whisper and the audio spectrogram transformer listen.
    public static let modelSampleRate = 16_000

    /// What Whisper hears: frames of 400 samples under a Hann window, 160 apart, mirrored at the ends; Slaney's mel filters up to 8 kHz.
    ///
    /// Its encoder wants `[bands, frames]` (`bandMajorValues`) of exactly thirty seconds: `sound.fitted(toSampleCount: 480_000)`.
    ///
    /// - Parameter bandCount: 80, or 128 for large-v3 and turbo.
    /// - Throws: ``SignalError`` if there are no or too many bands.
    ///
    /// Source: Radford et al. 2022, *Robust Speech Recognition via Large-Scale Weak Supervision*, section 2.2; transformers'
    /// `WhisperFeatureExtractor`.
    public static func whisper(bandCount: Int = 80) throws(SignalError) -> LogMel {
        let spectrum = try PowerSpectrum(window: WindowFunction.hann.values(count: 400), hop: 160)
        let filters = try MelFilterBank(
            bandCount: bandCount, binCount: spectrum.binCount, sampleRate: modelSampleRate, range: 0...8000)
        return try LogMel(
            sampleRate: modelSampleRate, spectrum: spectrum, filters: filters, scaling: .whisper, dropsLastFrame: true)
    }

    /// Kaldi's filter bank features: frames of 25 ms, 10 ms apart, without mean, emphasised (0.97), filled up to a power of two; filters whose
    /// slopes are straight in mel, from 20 Hz to half the rate; natural logarithms, of 2⁻²³ at least.
    ///
    /// - Parameters:
    ///   - window: Kaldi's own is `.povey`; the audio spectrogram transformer was trained with `.hann`.
    /// - Throws: ``SignalError`` unless the rate is at least 1000 and there are bands.
    ///
    /// Source: Kaldi's `feature-fbank`, as `torchaudio.compliance.kaldi.fbank` has it.
    public static func kaldi(
        bandCount: Int = 128, sampleRate: Int = modelSampleRate, window: WindowFunction = .povey
    ) throws(SignalError) -> LogMel {
        guard 1000...Sound.highestSampleRate ~= sampleRate else {
            throw .unfit(
                operation: "log-mel", expected: "a rate of 1000 to \(Sound.highestSampleRate)", found: "\(sampleRate)",
                wayOut: "resample the sound")
        }
        let frame = sampleRate / 40
        var size = 1
        while size < frame { size *= 2 }
        let spectrum = try PowerSpectrum(
            window: window.values(count: frame, isPeriodic: false), hop: sampleRate / 100, size: size, padding: .none,
            preparation: .emphasis(0.97))
        let filters = try MelFilterBank(
            bandCount: bandCount, binCount: spectrum.binCount, sampleRate: sampleRate,
            range: 20...Double(sampleRate) / 2, scale: .kaldi, height: .one, slopes: .mel)
        return try LogMel(
            sampleRate: sampleRate, spectrum: spectrum, filters: filters,
            scaling: .natural(floor: Double(Float.ulpOfOne)))
    }

    /// librosa's `feature.melspectrogram` in decibels of the largest: a Hann window, zeros before and behind, Slaney's filters up to half
    /// the rate.
    ///
    /// - Throws: ``SignalError`` for sizes that make no spectrogram.
    public static func librosa(
        sampleRate: Int = 22_050, size: Int = 2048, hop: Int = 512, bandCount: Int = 128, scale: MelScale = .slaney
    ) throws(SignalError) -> LogMel {
        let spectrum = try PowerSpectrum(
            window: WindowFunction.hann.values(count: size), hop: hop, padding: .zeros)
        let filters = try MelFilterBank(
            bandCount: bandCount, binCount: spectrum.binCount, sampleRate: sampleRate,
            range: 0...Double(sampleRate) / 2, scale: scale)
        return try LogMel(
            sampleRate: sampleRate, spectrum: spectrum, filters: filters,
            scaling: .decibels(reference: nil, floor: 1e-10, range: 80))
    }
}

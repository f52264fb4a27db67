/// What is done with a sound before a model hears it, as the model's feature extractor of transformers does it.
///
///     let processor = try AudioProcessor(contentsOf: "whisper-tiny")
///     let features = try processor(Sound(contentsOf: "speech.wav"))
public struct AudioProcessor: Sendable, Hashable {
    /// Which features a model hears.
    public enum Kind: Sendable, Hashable {
        /// Whisper's: log-mel spectrograms of so many bands and seconds, padded and cut.
        case whisper(bandCount: Int, seconds: Int)
        /// Those of the audio spectrogram transformer: so many frames of Kaldi's features, less the mean, divided by twice the deviation.
        case spectrogramTransformer(bandCount: Int, frameCount: Int, mean: Float, deviation: Float)
        /// wav2vec 2.0's and HuBERT's: the samples, brought to mean 0 and variance 1 or left as they are.
        case waveform(isNormalized: Bool)
    }

    /// What a model hears of one sound.
    public enum Features: Sendable, Hashable {
        case spectrogram(Spectrogram)
        case samples([Float])
    }

    /// The audio spectrogram transformer's, with the mean and deviation of AudioSet (Gong, Chung & Glass 2021).
    public static let audioSet = Kind.spectrogramTransformer(
        bandCount: 128, frameCount: 1024, mean: -4.2677393, deviation: 4.5689974)

    public let kind: Kind
    /// The rate that sounds are brought to.
    public let sampleRate: Int

    public init(_ kind: Kind, sampleRate: Int = LogMel.modelSampleRate) {
        (self.kind, self.sampleRate) = (kind, sampleRate)
    }

    /// The features of a sound of any rate and any number of channels, which become one.
    ///
    /// - Throws: ``SignalError`` if the sound or a size of the processor is too large.
    public func callAsFunction(_ sound: Sound) throws(SignalError) -> Features {
        let sound = try Sound(sound.mono, sampleRate: sound.sampleRate).resampled(to: sampleRate)
        switch kind {
        case .whisper(let bandCount, let seconds):
            let whole = sound.fitted(toSampleCount: seconds * sampleRate)
            return .spectrogram(try LogMel.whisper(bandCount: bandCount)(whole))
        case .spectrogramTransformer(let bandCount, let frameCount, let mean, let deviation):
            let features = try frames(bandCount: bandCount)(sound)
            return .spectrogram(
                features.fitted(toFrameCount: frameCount).normalized(mean: mean, deviation: 2 * deviation))
        case .waveform(let isNormalized): return .samples(isNormalized ? Self.normalized(sound.mono) : sound.mono)
        }
    }

    /// How many frames of the spectrogram that an audio spectrogram transformer hears of a sound have sound, the others being what fills it up; nil of
    /// other features.
    ///
    /// - Throws: ``SignalError`` if the sound or a size of the processor is too large.
    public func soundFrameCount(of sound: Sound) throws(SignalError) -> Int? {
        guard case .spectrogramTransformer(let bandCount, let frameCount, _, _) = kind else { return nil }
        let sound = try Sound(sound.mono, sampleRate: sound.sampleRate).resampled(to: sampleRate)
        return min(frameCount, try frames(bandCount: bandCount).spectrum.frameCount(sampleCount: sound.sampleCount))
    }

    /// The audio spectrogram transformer's frames, a hundred a second.
    private func frames(bandCount: Int) throws(SignalError) -> LogMel {
        try .kaldi(bandCount: bandCount, sampleRate: sampleRate, window: .hann)
    }

    /// (x − mean) / √(variance + 10⁻⁷)
    private static func normalized(_ samples: [Float]) -> [Float] {
        let count = Double(max(1, samples.count))
        let mean = samples.reduce(0) { $0 + Double($1) } / count
        let variance = samples.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / count
        let scale = 1 / (variance + 1e-7).squareRoot()
        return samples.map { Float((Double($0) - mean) * scale) }
    }
}

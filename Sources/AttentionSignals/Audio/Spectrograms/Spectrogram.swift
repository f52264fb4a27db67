/// A picture of a sound: one row of numbers for each moment, from low to high frequencies.
public struct Spectrogram: Sendable, Hashable {
    /// How many moments there are.
    public let frameCount: Int
    /// How many frequencies, or bands of frequencies, each has.
    public let bandCount: Int
    /// The numbers, `[frames, bands]`.
    public private(set) var values: [Float]

    /// - Precondition: there are `frameCount · bandCount` values.
    init(_ values: [Float], frameCount: Int, bandCount: Int) {
        precondition(values.count == frameCount * bandCount)
        (self.values, self.frameCount, self.bandCount) = (values, frameCount, bandCount)
    }

    /// The numbers band by band, `[bands, frames]`, as Whisper reads them.
    public var bandMajorValues: [Float] {
        [Float](unsafeUninitializedCapacity: values.count) { output, written in
            for frame in 0..<frameCount {
                for band in 0..<bandCount { output[band * frameCount + frame] = values[frame * bandCount + band] }
            }
            written = values.count
        }
    }

    /// The first frames, with zeros behind them if there are too few.
    ///
    /// - Precondition: `frameCount` is not negative.
    public func fitted(toFrameCount frameCount: Int) -> Spectrogram {
        let kept = values.prefix(frameCount * bandCount)
        let missing = frameCount * bandCount - kept.count
        return Spectrogram(
            kept + [Float](repeating: 0, count: missing), frameCount: frameCount, bandCount: bandCount)
    }

    /// Each number less `mean`, divided by `deviation`.
    public func normalized(mean: Float, deviation: Float) -> Spectrogram {
        Spectrogram(values.map { ($0 - mean) / deviation }, frameCount: frameCount, bandCount: bandCount)
    }
}

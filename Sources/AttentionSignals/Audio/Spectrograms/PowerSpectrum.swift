/// The power spectrum of a sound, frame by frame: |Σ_n w[n] x[hop · f + n] exp(−2πi n k / size)|² for k = 0 … size / 2.
///
/// The frames are as long as the window, and filled up with zeros behind it to the size of the transform.
public struct PowerSpectrum: Sendable {
    /// What lies before the first and behind the last sample.
    public enum Padding: Sendable, Hashable {
        /// Nothing: only frames that lie wholly in the sound.
        case none
        /// Half a frame of zeros, so that frame f has its middle at sample hop · f.
        case zeros
        /// Half a frame of the sound mirrored at its first and last sample, as `torch.stft` has it.
        case reflection
    }

    /// What is done with the samples of a frame before they are multiplied with the window.
    public enum Preparation: Sendable, Hashable {
        case none
        /// Kaldi's: the mean is taken away, then x[n] − c · x[n − 1], with x[−1] = x[0].
        case emphasis(Double)
    }

    public let window: [Double]
    public let hop: Int
    public let padding: Padding
    public let preparation: Preparation
    let transform: RealFFT

    /// How many frequencies a frame has: half the size of the transform, and one.
    public var binCount: Int { transform.binCount }

    /// - Parameters:
    ///   - window: The values of the window, as many as a frame has samples.
    ///   - hop: How many samples each frame begins behind the one before.
    ///   - size: The size of the transform; the window's if nil.
    /// - Throws: ``SignalError`` unless the hop is positive, the window not empty and not longer than the transform.
    public init(
        window: [Double], hop: Int, size: Int? = nil, padding: Padding = .reflection, preparation: Preparation = .none
    ) throws(SignalError) {
        let size = size ?? window.count
        transform = try RealFFT(size: size)
        guard hop > 0, 1...size ~= window.count else {
            throw .unfit(
                operation: "spectrogram", expected: "a hop of 1 or more and a window of 1 to \(size) samples",
                found: "\(hop) and \(window.count)", wayOut: "choose a larger transform or a shorter window")
        }
        (self.window, self.hop, self.padding, self.preparation) = (window, hop, padding, preparation)
    }

    /// How many frames a sound of so many samples has.
    public func frameCount(sampleCount: Int) -> Int {
        let length = sampleCount + (padding == .none ? 0 : 2 * (transform.size / 2))
        return length < window.count ? 0 : (length - window.count) / hop + 1
    }

    /// The power of each frequency in each frame.
    ///
    /// - Throws: ``SignalError`` if the sound is too short to be mirrored at its ends.
    public func callAsFunction(_ samples: [Float]) throws(SignalError) -> Spectrogram {
        let count = frameCount(sampleCount: samples.count)
        var values = [Float](repeating: 0, count: count * binCount)
        try forEachFour(of: samples) { first, powers in
            for (bin, power) in powers.enumerated() {
                for frame in first..<min(first + 4, count) {
                    values[frame * binCount + bin] = Float(power[frame - first])
                }
            }
        }
        return Spectrogram(values, frameCount: count, bandCount: binCount)
    }
}

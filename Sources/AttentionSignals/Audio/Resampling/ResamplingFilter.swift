internal import Glibc

/// The low-pass filter of resampling: a sinc, cut off by a window after some of its zeros.
public struct ResamplingFilter: Sendable, Hashable {
    /// What the sinc is multiplied with, over `t` from −1 to 1.
    public enum Window: Sendable, Hashable {
        /// cos²(π t / 2)
        case hann
        /// I₀(β √(1 − t²)) / I₀(β)
        case kaiser(beta: Double)
    }

    public let window: Window
    /// How many zeros of the sinc are kept on either side.
    public let zeroCount: Int
    /// Where the filter cuts, as a part of half the lower rate.
    public let rolloff: Double

    /// - Precondition: `zeroCount` is 1 to 1024, `rolloff` above 0 and at most 1.
    public init(_ window: Window, zeroCount: Int, rolloff: Double) {
        precondition(1...1024 ~= zeroCount && rolloff > 0 && rolloff <= 1)
        (self.window, self.zeroCount, self.rolloff) = (window, zeroCount, rolloff)
    }

    /// 64 zeros under a Kaiser window of β = 14.77: resampy's and librosa's `kaiser_best`.
    public static let kaiserBest = ResamplingFilter(
        .kaiser(beta: 14.769656459379492), zeroCount: 64, rolloff: 0.9475937167399596)
    /// 16 zeros under a Kaiser window of β = 8.56: `kaiser_fast`, a quarter of the work.
    public static let kaiserFast = ResamplingFilter(.kaiser(beta: 8.555504641634386), zeroCount: 16, rolloff: 0.85)
    /// 6 zeros under a Hann window: what `torchaudio.functional.resample` does unless told otherwise.
    public static let hann = ResamplingFilter(.hann, zeroCount: 6, rolloff: 0.99)

    /// The filter at `position`, counted in zeros from its middle: sinc(position) · window; 0 from the last zero on.
    func value(at position: Double) -> Double {
        let part = position / Double(zeroCount)
        guard abs(part) < 1 else { return 0 }
        let angle = Double.pi * position
        let sinc = angle == 0 ? 1 : sin(angle) / angle
        switch window {
        case .hann:
            let cosine = cos(part * .pi / 2)
            return sinc * cosine * cosine
        case .kaiser(let beta):
            return sinc * Self.bessel(beta * (1 - part * part).squareRoot()) / Self.bessel(beta)
        }
    }

    /// The modified Bessel function I₀, by its series Σ (x²/4)ᵏ / (k!)², whose terms all have one sign.
    private static func bessel(_ x: Double) -> Double {
        var (sum, term, index) = (1.0, 1.0, 1.0)
        while term > sum * 1e-17 {
            term *= x * x / (4 * index * index)
            sum += term
            index += 1
        }
        return sum
    }
}

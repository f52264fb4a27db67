internal import Glibc

/// What the samples of a frame are multiplied with, so that its ends fade out.
///
/// With t = n / N for periodic windows, which spectrograms use, and t = n / (N − 1) for symmetric ones, as Kaldi has them.
public enum WindowFunction: Sendable, Hashable {
    /// 1
    case rectangular
    /// ½ − ½ cos 2πt
    case hann
    /// 0.54 − 0.46 cos 2πt
    case hamming
    /// (½ − ½ cos 2πt)^0.85, Kaldi's own
    case povey

    /// Its values for a frame of `count` samples.
    public func values(count: Int, isPeriodic: Bool = true) -> [Double] {
        let length = isPeriodic ? count : count - 1
        guard length > 0 else { return [Double](repeating: 1, count: max(0, count)) }
        return (0..<count).map { index in
            let cosine = cos(2 * Double.pi * Double(index) / Double(length))
            return switch self {
            case .rectangular: 1
            case .hann: 0.5 - 0.5 * cosine
            case .hamming: 0.54 - 0.46 * cosine
            case .povey: pow(0.5 - 0.5 * cosine, 0.85)
            }
        }
    }
}

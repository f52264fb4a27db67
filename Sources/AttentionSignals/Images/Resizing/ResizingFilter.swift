internal import Glibc

/// How much the pixels of a picture count for a pixel of the resized one, by their distance from its middle, in pixels of the smaller picture.
///
/// The raw values are Pillow's numbers, which `preprocessor_config.json` writes as `resample`.
public enum ResizingFilter: Int, Sendable, CaseIterable {
    /// Only the pixel it falls on.
    case nearest = 0
    /// sinc(x) sinc(x / 3) up to 3
    case lanczos = 1
    /// 1 − |x| up to 1
    case bilinear = 2
    /// Keys' cubic with a = −½, up to 2
    case bicubic = 3
    /// 1 up to ½
    case box = 4
    /// sinc(x) (0.54 + 0.46 cos πx) up to 1
    case hamming = 5

    /// From where on pixels count nothing.
    var support: Double {
        switch self {
        case .nearest, .box: 0.5
        case .bilinear, .hamming: 1
        case .bicubic: 2
        case .lanczos: 3
        }
    }

    func value(at position: Double) -> Double {
        let x = abs(position)
        switch self {
        case .nearest, .box: return position > -0.5 && position <= 0.5 ? 1 : 0
        case .bilinear: return max(0, 1 - x)
        case .bicubic: return Self.cubic(x, -0.5)
        case .hamming: return x >= 1 ? 0 : Self.sinc(x) * (0.54 + 0.46 * cos(x * .pi))
        case .lanczos: return x >= 3 ? 0 : Self.sinc(x) * Self.sinc(x / 3)
        }
    }

    private static func sinc(_ x: Double) -> Double { x == 0 ? 1 : sin(x * .pi) / (x * .pi) }

    /// Keys' cubic at a distance x ≥ 0.
    ///
    /// Source: Keys, *Cubic convolution interpolation for digital image processing* (1981), equation 14.
    static func cubic(_ x: Double, _ a: Double) -> Double {
        if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
        return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0
    }
}

/// A picture: rows of pixels from top to bottom, each of some samples of 8 bits.
///
/// Sample c of the pixel in column x of row y is `samples[(y · width + x) · channels.rawValue + c]`.
public struct Image: Sendable, Hashable {
    /// What the samples of a pixel say; the raw value is how many there are.
    public enum Channels: Int, Sendable, CaseIterable {
        case grey = 1
        case greyAlpha = 2
        case rgb = 3
        case rgba = 4

        /// Whether the last sample says how opaque the pixel is.
        public var hasAlpha: Bool { self == .greyAlpha || self == .rgba }
    }

    public let width: Int
    public let height: Int
    public let channels: Channels
    /// The samples, `[height, width, channels]`.
    public let samples: [UInt8]

    /// The most pixels that files are read with unless said otherwise: 67 million, 8192 by 8192. Reading takes up to 20 bytes of memory a
    /// pixel.
    public static let pixelLimit = 1 << 26

    /// A picture of these samples, `[height, width, channels]`.
    ///
    /// - Throws: ``SignalError`` unless there is a pixel, and as many samples as the sizes say.
    public init(width: Int, height: Int, channels: Channels, samples: [UInt8]) throws(SignalError) {
        let (area, first) = width.multipliedReportingOverflow(by: height)
        let (count, second) = area.multipliedReportingOverflow(by: channels.rawValue)
        guard width > 0, height > 0, !first, !second, count == samples.count else {
            throw .unfit(
                operation: "image", expected: "a width and a height, and width · height · \(channels.rawValue) samples",
                found: "\(width), \(height) and \(samples.count) samples", wayOut: "give as many as the sizes say")
        }
        self.init(unchecked: samples, width, height, channels)
    }

    /// Samples that are sure to be as many as the sizes say.
    init(unchecked samples: [UInt8], _ width: Int, _ height: Int, _ channels: Channels) {
        (self.samples, self.width, self.height, self.channels) = (samples, width, height, channels)
    }

    /// The samples of the pixel in column `x` of row `y`.
    ///
    /// - Precondition: the pixel lies in the picture.
    public subscript(x: Int, y: Int) -> ArraySlice<UInt8> {
        precondition(0..<width ~= x && 0..<height ~= y, "image: pixel (\(x), \(y)) of \(width) by \(height)")
        let start = (y * width + x) * channels.rawValue
        return samples[start..<start + channels.rawValue]
    }
}

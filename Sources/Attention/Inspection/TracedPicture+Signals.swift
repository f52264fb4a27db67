import AttentionInspection
import AttentionModels
import AttentionSignals

extension TracedPicture {
    /// The longest side of what stands in a page, in pixels.
    private static let side = 256

    /// A picture as a model sees it: brought to its size and cut as the processor does, but with the colours that people see.
    ///
    /// - Throws: `SignalError` if the picture cannot be brought to that size.
    init(_ image: Image, _ processor: ImageProcessor, _ grid: ImageSize) throws {
        var plain = processor
        (plain.factor, plain.normalization) = (1, nil)
        let planes: PixelPlanes = try plain(image)
        let area = planes.width * planes.height
        let samples = (0..<area * planes.channelCount).map { place in
            let (pixel, channel) = place.quotientAndRemainder(dividingBy: planes.channelCount)
            return UInt8(min(255, max(0, planes.values[channel * area + pixel].rounded())))
        }
        let seen = try Image(width: planes.width, height: planes.height, channels: .rgb, samples: samples)
        let scale = min(1, Double(Self.side) / Double(max(seen.width, seen.height)))
        func scaled(_ length: Int) -> Int { max(1, Int((Double(length) * scale).rounded())) }
        let small = try seen.resized(width: scaled(seen.width), height: scaled(seen.height))
        try self.init(png: PNG.bytes(of: small), rowCount: grid.height, columnCount: grid.width)
    }

    /// A spectrogram as a model hears it, or as people see what it hears: moments from left to right, low bands at the bottom, where rows
    /// begin.
    ///
    /// - Parameter seconds: how long the sound is; not told if nil.
    /// - Throws: `SignalError` if it is empty.
    init(_ spectrogram: Spectrogram, _ grid: ImageSize, seconds: Double? = nil) throws {
        let whole = try Image(spectrogram)
        let small = try whole.resized(
            width: min(Self.side, whole.width), height: min(Self.side, whole.height), filter: .bilinear)
        try self.init(
            png: PNG.bytes(of: small), rowCount: grid.height, columnCount: grid.width, rowOrder: .upwards,
            seconds: seconds)
    }
}

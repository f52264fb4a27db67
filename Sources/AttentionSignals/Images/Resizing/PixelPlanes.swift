/// A picture as models see it: one plane of numbers for each colour, `[channels, height, width]`.
public struct PixelPlanes: Sendable, Hashable {
    public let channelCount: Int
    public let height: Int
    public let width: Int
    /// The numbers, plane by plane, row by row.
    public let values: [Float]

    /// - Throws: ``SignalError`` unless the sizes are positive and there are as many values as they say.
    public init(_ values: [Float], channelCount: Int, height: Int, width: Int) throws(SignalError) {
        let (area, first) = width.multipliedReportingOverflow(by: height)
        let (count, second) = area.multipliedReportingOverflow(by: channelCount)
        guard width > 0, height > 0, channelCount > 0, !first, !second, count == values.count else {
            throw .unfit(
                operation: "pixel planes", expected: "channels · height · width values",
                found: "\(values.count) for \(channelCount), \(height) and \(width)",
                wayOut: "give as many as the sizes say")
        }
        self.init(unchecked: values, channelCount, height, width)
    }

    init(unchecked values: [Float], _ channelCount: Int, _ height: Int, _ width: Int) {
        (self.values, self.channelCount, self.height, self.width) = (values, channelCount, height, width)
    }

    /// The samples of a picture, each as `value` makes it for its channel.
    init(_ image: Image, _ value: (_ channel: Int, _ sample: UInt8) -> Float) {
        let (count, size) = (image.width * image.height, image.channels.rawValue)
        let values = [Float](unsafeUninitializedCapacity: count * size) { output, written in
            image.samples.withUnsafeBufferPointer { samples in
                for channel in 0..<size {
                    let table = (0...255).map { value(channel, UInt8($0)) }
                    for pixel in 0..<count {
                        output[channel * count + pixel] = table[Int(samples[pixel * size + channel])]
                    }
                }
            }
            written = count * size
        }
        self.init(unchecked: values, size, image.height, image.width)
    }

    /// The samples of a picture divided by 255.
    public init(_ image: Image) { self.init(image) { _, sample in Float(sample) / 255 } }
}

/// How planes of numbers are resized.
public enum PlaneResizing: Sendable, Hashable {
    /// A mean below a filter as wide as a pixel of the smaller picture: `antialias=True`.
    case antialiased(ResizingFilter)
    /// Between the nearest numbers, whatever the sizes: `antialias=False`.
    case interpolated(Interpolation)

    public enum Interpolation: Sendable, Hashable { case bilinear, bicubic }

    fileprivate func weights(from oldCount: Int, to newCount: Int) -> ResizingWeights {
        switch self {
        case .antialiased(let filter): ResizingWeights(filter, from: oldCount, to: newCount)
        case .interpolated(let filter): ResizingWeights(interpolating: filter, from: oldCount, to: newCount)
        }
    }
}

extension PixelPlanes {
    /// The same planes in another size: `torch.nn.functional.interpolate` with `align_corners=False`.
    ///
    /// - Throws: ``SignalError`` unless both sizes are positive and the result has at most ``Image/pixelLimit`` pixels.
    public func resized(width newWidth: Int, height newHeight: Int, _ kind: PlaneResizing) throws(SignalError)
        -> PixelPlanes
    {
        try Image.checkTarget(width: newWidth, height: newHeight, for: "resize")
        // What lies between the two steps is as small as can be.
        let isWidthFirst = newWidth * height <= width * newHeight
        let between = isWidthFirst ? withWidth(newWidth, kind) : withHeight(newHeight, kind)
        return isWidthFirst ? between.withHeight(newHeight, kind) : between.withWidth(newWidth, kind)
    }

    private func withWidth(_ newWidth: Int, _ kind: PlaneResizing) -> PixelPlanes {
        if newWidth == width { return self }
        let table = kind.weights(from: width, to: newWidth)
        let weights = table.weights.map { Float($0) }
        var resized = [Float](repeating: 0, count: channelCount * height * newWidth)
        for line in 0..<channelCount * height {
            for x in 0..<newWidth {
                var sum: Float = 0
                for tap in 0..<table.counts[x] {
                    sum += weights[x * table.size + tap] * values[line * width + table.firsts[x] + tap]
                }
                resized[line * newWidth + x] = sum
            }
        }
        return PixelPlanes(unchecked: resized, channelCount, height, newWidth)
    }

    private func withHeight(_ newHeight: Int, _ kind: PlaneResizing) -> PixelPlanes {
        if newHeight == height { return self }
        let table = kind.weights(from: height, to: newHeight)
        let weights = table.weights.map { Float($0) }
        var resized = [Float](repeating: 0, count: channelCount * newHeight * width)
        for channel in 0..<channelCount {
            for y in 0..<newHeight {
                let target = (channel * newHeight + y) * width
                for tap in 0..<table.counts[y] {
                    let weight = weights[y * table.size + tap]
                    let source = (channel * height + table.firsts[y] + tap) * width
                    for x in 0..<width { resized[target + x] += weight * values[source + x] }
                }
            }
        }
        return PixelPlanes(unchecked: resized, channelCount, newHeight, width)
    }
}

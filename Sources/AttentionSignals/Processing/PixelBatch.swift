/// Several pictures of one size as a model sees them, and which pixels are theirs.
public struct PixelBatch: Sendable, Hashable {
    public let count: Int
    public let channelCount: Int
    public let height: Int
    public let width: Int
    /// `[count, channels, height, width]`
    public let values: [Float]
    /// Whether a pixel belongs to its picture, `[count, height, width]`; the others fill up.
    public let mask: [Bool]

    /// Puts planes of any sizes beside each other, with zeros at the right and below of the smaller ones.
    ///
    /// - Throws: ``SignalError`` unless there is one, and all have as many channels.
    public init(_ pictures: [PixelPlanes]) throws(SignalError) {
        guard let first = pictures.first, pictures.allSatisfy({ $0.channelCount == first.channelCount }) else {
            throw .unfit(
                operation: "batch of pictures", expected: "one picture or more, of as many channels",
                found: "\(pictures.map(\.channelCount)) channels", wayOut: "convert them first")
        }
        (count, channelCount) = (pictures.count, first.channelCount)
        height = pictures.map(\.height).max() ?? 0
        width = pictures.map(\.width).max() ?? 0
        var values = [Float](repeating: 0, count: count * channelCount * height * width)
        var mask = [Bool](repeating: false, count: count * height * width)
        for (index, picture) in pictures.enumerated() {
            for line in 0..<channelCount * picture.height {
                let (channel, row) = line.quotientAndRemainder(dividingBy: picture.height)
                let start = ((index * channelCount + channel) * height + row) * width
                let source = line * picture.width
                values.replaceSubrange(
                    start..<start + picture.width, with: picture.values[source..<source + picture.width])
                if channel > 0 { continue }
                for x in 0..<picture.width { mask[(index * height + row) * width + x] = true }
            }
        }
        (self.values, self.mask) = (values, mask)
    }
}

extension ImageProcessor {
    /// The numbers of several pictures.
    ///
    /// - Throws: ``SignalError`` for what `callAsFunction(_:)` throws for one, and if they are of several sizes where the processor does not fill up.
    public func callAsFunction(_ images: [Image]) throws(SignalError) -> PixelBatch {
        var pictures: [PixelPlanes] = []
        for image in images { pictures.append(try self(image)) }
        let sizes = Set(pictures.map { [$0.height, $0.width] })
        guard pads || sizes.count <= 1 else {
            throw .unfit(
                operation: "image processor", expected: "pictures of one size", found: "\(sizes.count) sizes",
                wayOut: "crop them, let pads be true, or give them one by one")
        }
        return try PixelBatch(pictures)
    }
}

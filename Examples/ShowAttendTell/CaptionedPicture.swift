/// A picture and what people say of it.
package struct CaptionedPicture: Sendable, Hashable {
    /// Channels, rows and columns.
    package let channelCount, height, width: Int
    /// How light each pixel is, from 0 to 1, channel by channel and row by row.
    package let pixels: [Float]
    /// The caption, word by word.
    package let words: [String]

    /// A picture with these pixels.
    package init(channelCount: Int, height: Int, width: Int, pixels: [Float], words: [String]) {
        (self.channelCount, self.height, self.width) = (channelCount, height, width)
        (self.pixels, self.words) = (pixels, words)
    }

    /// The same so many pixels further down and right; what comes in is as light as `ground`.
    package func moved(down: Int, right: Int, ground: Float) -> CaptionedPicture {
        var moved = [Float](repeating: ground, count: pixels.count)
        for channel in 0..<channelCount {
            for row in 0..<height where 0..<height ~= row - down {
                for column in 0..<width where 0..<width ~= column - right {
                    moved[(channel * height + row) * width + column] =
                        pixels[(channel * height + row - down) * width + column - right]
                }
            }
        }
        return CaptionedPicture(
            channelCount: channelCount, height: height, width: width, pixels: moved, words: words)
    }
}

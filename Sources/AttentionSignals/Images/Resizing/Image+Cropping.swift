extension Image {
    /// A part of the picture; what lies outside it is 0.
    ///
    /// - Throws: ``SignalError`` unless the part has a pixel and at most ``Image/pixelLimit``.
    public func cropped(x: Int, y: Int, width newWidth: Int, height newHeight: Int) throws(SignalError) -> Image {
        try Image.checkTarget(width: newWidth, height: newHeight, for: "crop")
        let size = channels.rawValue
        var part = [UInt8](repeating: 0, count: newWidth * newHeight * size)
        guard x > -newWidth, y > -newHeight, x < width, y < height else {
            return Image(unchecked: part, newWidth, newHeight, channels)
        }
        let (left, right) = (max(0, x), min(width, x + newWidth))
        for row in max(0, y)..<min(height, y + newHeight) {
            let line = samples[(row * width + left) * size..<(row * width + right) * size]
            let start = ((row - y) * newWidth + left - x) * size
            part.replaceSubrange(start..<start + line.count, with: line)
        }
        return Image(unchecked: part, newWidth, newHeight, channels)
    }

    /// The middle of the picture. Where it is smaller, there are zeros around it, of which the top and the left get the larger half.
    ///
    /// - Throws: ``SignalError`` unless the part has a pixel and at most ``Image/pixelLimit``.
    public func centerCropped(width newWidth: Int, height newHeight: Int) throws(SignalError) -> Image {
        try cropped(
            x: (width - newWidth) >> 1, y: (height - newHeight) >> 1, width: newWidth, height: newHeight)
    }
}

/// A picture of one channel that others are painted on: where things meet, the lighter one is seen.
package struct PixelCanvas: Sendable, Hashable {
    /// Columns and rows.
    package let width, height: Int
    /// How light each pixel is, from 0 to 1, row by row.
    package private(set) var pixels: [Float]

    /// A black one.
    package init(width: Int, height: Int) {
        (self.width, self.height) = (width, height)
        pixels = [Float](repeating: 0, count: width * height)
    }

    /// Paints these rows and columns of a digit's picture with their upper left corner at x and y; what lies beyond the edges is not seen.
    package mutating func paint(
        _ digit: [UInt8], rows: Range<Int> = 0..<DigitCollection.side, columns: Range<Int> = 0..<DigitCollection.side,
        x: Int, y: Int
    ) {
        for row in rows {
            for column in columns {
                let (right, down) = (x + column - columns.lowerBound, y + row - rows.lowerBound)
                guard 0..<width ~= right, 0..<height ~= down else { continue }
                let place = down * width + right
                pixels[place] = max(pixels[place], Float(digit[row * DigitCollection.side + column]) / 255)
            }
        }
    }
}

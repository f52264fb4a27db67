package import AttentionTensors
package import SharedPictures

/// Digits on a black ground, among pieces of others.
package struct DigitScene: Sendable, Hashable {
    /// How scenes are composed.
    package struct Layout: Sendable, Hashable {
        /// Columns and rows of a scene.
        package var width, height: Int
        /// How many digits stand in it, from left to right.
        package var digitCounts: ClosedRange<Int>
        /// How many pieces of other digits, 8 × 8 pixels each, lie about.
        package var clutterCount: Int

        /// A composition of this kind.
        package init(width: Int, height: Int, digitCounts: ClosedRange<Int>, clutterCount: Int) {
            (self.width, self.height) = (width, height)
            (self.digitCounts, self.clutterCount) = (digitCounts, clutterCount)
        }

        /// One digit anywhere on 60 × 60 pixels (Mnih et al. 2014, sec. 4.1).
        package static let translated = Layout(width: 60, height: 60, digitCounts: 1...1, clutterCount: 0)
        /// The same among four pieces of others.
        package static let cluttered = Layout(width: 60, height: 60, digitCounts: 1...1, clutterCount: 4)
        /// Numbers of one to three digits, as they stand on houses.
        package static let numbers = Layout(width: 96, height: 32, digitCounts: 1...3, clutterCount: 4)
    }

    /// Columns and rows.
    package let width, height: Int
    /// How light each pixel is, from 0 to 1, row by row.
    package let pixels: [Float]
    /// The digits from left to right.
    package let digits: [Int]
    /// The middle of each, in pixels.
    package let centres: [SIMD2<Float>]

    /// A scene of digits drawn from a collection: the same from the same generator.
    ///
    /// A number stands anywhere that it fits; its digits overlap by four to eight pixels of their frames, and each is up to two pixels higher or
    /// lower than its neighbours.
    package init(_ layout: Layout, from source: DigitCollection, using generator: inout RandomGenerator) {
        let size = DigitCollection.side
        (width, height) = (layout.width, layout.height)
        var canvas = PixelCanvas(width: layout.width, height: layout.height)
        let count = Int.random(in: layout.digitCounts, using: &generator)
        let steps = (1..<max(1, count)).map { _ in Int.random(in: size - 8...size - 4, using: &generator) }
        let whole = size + steps.reduce(0, +)
        var x = Int.random(in: 0...max(0, layout.width - whole), using: &generator)
        let y = Int.random(in: 0...max(0, layout.height - size), using: &generator)
        var (digits, centres): ([Int], [SIMD2<Float>]) = ([], [])
        for place in 0..<count {
            let index = Int.random(in: source.images.indices, using: &generator)
            let lift = count > 1 ? Int.random(in: -2...2, using: &generator) : 0
            canvas.paint(source.images[index], x: x, y: y + lift)
            digits.append(source.labels[index])
            centres.append(SIMD2(Float(x) + Float(size) / 2, Float(y + lift) + Float(size) / 2))
            x += place < steps.count ? steps[place] : 0
        }
        for _ in 0..<layout.clutterCount {
            let image = source.images[Int.random(in: source.images.indices, using: &generator)]
            let row = Int.random(in: 4...size - 12, using: &generator)
            let column = Int.random(in: 4...size - 12, using: &generator)
            canvas.paint(
                image, rows: row..<row + 8, columns: column..<column + 8,
                x: Int.random(in: 0...layout.width - 8, using: &generator),
                y: Int.random(in: 0...layout.height - 8, using: &generator))
        }
        (pixels, self.digits, self.centres) = (canvas.pixels, digits, centres)
    }
}

extension Image {
    /// A frame that is drawn on a picture.
    public struct Outline: Sendable, Hashable {
        /// The columns and rows that it stands around, in pixels; what lies beyond the picture is not drawn.
        public var left, top, right, bottom: Float
        /// Red, green and blue.
        public var color: [UInt8]

        /// A frame around these pixels.
        public init(left: Float, top: Float, right: Float, bottom: Float, color: [UInt8]) {
            (self.left, self.top, self.right, self.bottom, self.color) = (left, top, right, bottom, color)
        }
    }

    /// The picture in red, green and blue with these frames on it, the last on top.
    ///
    /// - Parameter thickness: how wide their lines are, in pixels.
    public func outlined(_ outlines: [Outline], thickness: Int = 2) -> Image {
        let picture = rgb
        var samples = picture.samples
        for outline in outlines where outline.color.count == 3 {
            let columns = Self.range(outline.left, outline.right, below: width)
            let rows = Self.range(outline.top, outline.bottom, below: height)
            func fill(_ columns: ClosedRange<Int>, _ rows: ClosedRange<Int>) {
                for y in rows.clamped(to: 0...height - 1) where rows.overlaps(0...height - 1) {
                    for x in columns.clamped(to: 0...width - 1) where columns.overlaps(0...width - 1) {
                        let start = (y * width + x) * 3
                        samples.replaceSubrange(start..<start + 3, with: outline.color)
                    }
                }
            }
            let inner = max(0, thickness - 1)
            fill(columns, rows.lowerBound...rows.lowerBound + inner)
            fill(columns, rows.upperBound - inner...rows.upperBound)
            fill(columns.lowerBound...columns.lowerBound + inner, rows)
            fill(columns.upperBound - inner...columns.upperBound, rows)
        }
        return Image(unchecked: samples, width, height, .rgb)
    }

    /// The pixels from one edge to another; both may lie far outside.
    private static func range(_ low: Float, _ high: Float, below count: Int) -> ClosedRange<Int> {
        func pixel(_ edge: Float) -> Int {
            edge.isNaN ? -1 << 16 : Int(min(max(edge.rounded(), -Float(1 << 16)), Float(count + 1 << 16)))
        }
        let (first, last) = (pixel(min(low, high)), pixel(max(low, high)) - 1)
        return first...max(first, last)
    }
}

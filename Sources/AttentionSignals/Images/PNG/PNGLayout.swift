/// Where the lines of a picture lie in the decompressed data: one pass over all of it, or the seven of an interlaced one (section 8).
struct PNGLayout {
    /// Some pixels of the picture as a smaller picture of its own.
    struct Pass {
        /// The first pixel, and how far the next ones are.
        let (x, y, stepX, stepY): (Int, Int, Int, Int)
        let (width, height): (Int, Int)
        /// Where its lines begin, and how long one is without the byte that names its filter.
        let start: Int
        let lineSize: Int
    }

    let passes: [Pass]
    let byteCount: Int
    /// How many bits a pixel takes.
    let pixelBits: Int

    private static let interlacing = [
        (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2),
    ]

    init(_ header: PNGHeader) {
        pixelBits = header.sampleCount * header.depth
        var (passes, start): ([Pass], Int) = ([], 0)
        for (x, y, stepX, stepY) in header.isInterlaced ? Self.interlacing : [(0, 0, 1, 1)] {
            // Not negative: a pass that begins outside has no pixels.
            let width = max(0, header.width - x + stepX - 1) / stepX
            let height = max(0, header.height - y + stepY - 1) / stepY
            guard width > 0, height > 0 else { continue }
            let lineSize = (width * pixelBits + 7) / 8
            passes.append(
                Pass(
                    x: x, y: y, stepX: stepX, stepY: stepY, width: width, height: height, start: start,
                    lineSize: lineSize))
            start += height * (lineSize + 1)
        }
        (self.passes, byteCount) = (passes, start)
    }
}

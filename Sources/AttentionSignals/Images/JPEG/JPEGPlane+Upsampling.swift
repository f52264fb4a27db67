/// Colours are often stored at half the size. libjpeg spreads them with a triangle: each sample is three parts of the nearest stored one and
/// one part of the next, across and down; other sizes are repeated.
extension JPEGPlane {
    /// The component at the size of the picture.
    func spread(to frame: JPEGFrame, from component: JPEGFrame.Component) -> JPEGPlane {
        let (across, down) = (frame.across / component.across, frame.down / component.down)
        if across == 1, down == 1 { return self }
        let isWide = width > 2  // narrower ones libjpeg repeats
        switch (across, down) {
        case (2, 1) where isWide: return made(frame) { row, source, out in doubleLine(line(row, in: source), out) }
        case (1, 2): return made(frame) { row, source, out in doubleColumn(row, source, out) }
        case (2, 2) where isWide: return made(frame) { row, source, out in doubleBoth(row, source, out) }
        default:
            return made(frame) { row, source, out in
                let line = line(row / down, in: source)
                for x in out.indices { out[x] = line[x / across] }
            }
        }
    }

    /// A plane of the picture's size, line by line.
    private func made(
        _ frame: JPEGFrame,
        _ make: (_ row: Int, _ source: UnsafeBufferPointer<UInt8>, _ out: UnsafeMutableBufferPointer<UInt8>) -> Void
    ) -> JPEGPlane {
        let (width, height) = (frame.width, frame.height)
        let spread = [UInt8](unsafeUninitializedCapacity: width * height) { output, written in
            samples.withUnsafeBufferPointer { source in
                for row in 0..<height {
                    make(row, source, UnsafeMutableBufferPointer(rebasing: output[row * width..<(row + 1) * width]))
                }
            }
            written = width * height
        }
        return JPEGPlane(width: width, height: height, samples: spread)
    }

    /// Twice as many samples as stored; the last one is cut off where the width is odd.
    @inline(__always)
    private func doubleLine(_ line: UnsafeBufferPointer<UInt8>, _ out: UnsafeMutableBufferPointer<UInt8>) {
        out[0] = line[0]
        for index in 1..<width {
            // Between two stored samples lie two of the picture.
            let (left, right) = (UInt16(line[index - 1]), UInt16(line[index]))
            out[2 * index - 1] = UInt8(truncatingIfNeeded: (3 * left + right + 2) >> 2)
            out[2 * index] = UInt8(truncatingIfNeeded: (3 * right + left + 1) >> 2)
        }
        if 2 * width - 1 < out.count { out[2 * width - 1] = line[width - 1] }
    }

    @inline(__always)
    private func doubleColumn(
        _ row: Int, _ source: UnsafeBufferPointer<UInt8>, _ out: UnsafeMutableBufferPointer<UInt8>
    ) {
        let isUpper = row % 2 == 0
        let (near, far) = (line(row / 2, in: source), line(isUpper ? row / 2 - 1 : row / 2 + 1, in: source))
        let half: UInt16 = isUpper ? 1 : 2
        for x in out.indices { out[x] = UInt8(truncatingIfNeeded: (3 * UInt16(near[x]) + UInt16(far[x]) + half) >> 2) }
    }

    @inline(__always)
    private func doubleBoth(
        _ row: Int, _ source: UnsafeBufferPointer<UInt8>, _ out: UnsafeMutableBufferPointer<UInt8>
    ) {
        let (near, far) = (line(row / 2, in: source), line(row % 2 == 0 ? row / 2 - 1 : row / 2 + 1, in: source))
        func sum(_ index: Int) -> UInt16 { 3 * UInt16(near[index]) + UInt16(far[index]) }
        out[0] = UInt8(truncatingIfNeeded: (4 * sum(0) + 8) >> 4)
        for index in 1..<width {
            let (left, right) = (sum(index - 1), sum(index))
            out[2 * index - 1] = UInt8(truncatingIfNeeded: (3 * left + right + 7) >> 4)
            out[2 * index] = UInt8(truncatingIfNeeded: (3 * right + left + 8) >> 4)
        }
        if 2 * width - 1 < out.count { out[2 * width - 1] = UInt8(truncatingIfNeeded: (4 * sum(width - 1) + 7) >> 4) }
    }
}

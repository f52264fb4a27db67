extension Image {
    /// The picture in another size, not keeping its proportions unless the sizes do.
    ///
    /// Each pixel is a mean of those below the filter, which is as wide as a pixel of the smaller picture; first within rows, then within
    /// columns, or the other way round where Pillow does it so (since version 13). Colours count as much as they are opaque.
    ///
    /// - Throws: ``SignalError`` unless both sizes are positive and the result has at most ``Image/pixelLimit`` pixels.
    /// - Complexity: O(pixels · filter's support).
    ///
    /// Source: Pillow's `Resample.c` for the arithmetic.
    public func resized(
        width newWidth: Int, height newHeight: Int, filter: ResizingFilter = .bicubic,
        arithmetic: ResizingArithmetic = .pillow
    ) throws(SignalError) -> Image {
        try Image.checkTarget(width: newWidth, height: newHeight, for: "resize")
        if newWidth == width, newHeight == height { return self }
        if filter == .nearest { return nearest(newWidth, newHeight) }
        // PyTorch makes rows of the new width first, however many there are.
        if arithmetic == .torch {
            try Image.check(width: newWidth, height: height, limit: Self.pixelLimit, for: "resize")
        }
        if channels.hasAlpha {
            return premultiplied().filtered(newWidth, newHeight, filter, arithmetic).unpremultiplied()
        }
        return filtered(newWidth, newHeight, filter, arithmetic)
    }

    /// Refuses a size that nobody can want.
    static func checkTarget(width: Int, height: Int, for operation: String) throws(SignalError) {
        guard width > 0, height > 0 else {
            throw .unfit(
                operation: operation, expected: "a width and height of 1 or more", found: "\(width) by \(height)",
                wayOut: "choose a larger size")
        }
        try check(width: width, height: height, limit: pixelLimit, for: operation)
    }

    private func filtered(
        _ newWidth: Int, _ newHeight: Int, _ filter: ResizingFilter, _ arithmetic: ResizingArithmetic
    ) -> Image {
        if newWidth == width { return withHeight(newHeight, filter, arithmetic) }
        if newHeight == height { return withWidth(newWidth, filter, arithmetic) }
        // Much less to do if the many rows become few first; found out by comparison with Pillow 13.0.
        if arithmetic == .pillow, newHeight < height, height - newHeight > 2 * (width - newWidth) {
            return withHeight(newHeight, filter, arithmetic).withWidth(newWidth, filter, arithmetic)
        }
        return withWidth(newWidth, filter, arithmetic).withHeight(newHeight, filter, arithmetic)
    }

    private func withWidth(_ newWidth: Int, _ filter: ResizingFilter, _ arithmetic: ResizingArithmetic) -> Image {
        let table = ResizingWeights(filter, from: width, to: newWidth)
        let bits = arithmetic.bits(for: table)
        let (weights, size) = (table.fixed(bits: bits), channels.rawValue)
        let half = Int32(1) << Int32(bits - 1)
        let resized = [UInt8](unsafeUninitializedCapacity: newWidth * height * size) { output, written in
            samples.withUnsafeBufferPointer { samples in
                weights.withUnsafeBufferPointer { weights in
                    for y in 0..<height {
                        for x in 0..<newWidth {
                            let (first, count, row) = (table.firsts[x], table.counts[x], x * table.size)
                            for channel in 0..<size {
                                var sum = half
                                var place = (y * width + first) * size + channel
                                for tap in row..<row + count {
                                    sum &+= Int32(samples[place]) &* weights[tap]
                                    place += size
                                }
                                output[(y * newWidth + x) * size + channel] = Image.cut(sum &>> Int32(bits))
                            }
                        }
                    }
                }
            }
            written = newWidth * height * size
        }
        return Image(unchecked: resized, newWidth, height, channels)
    }

    private func withHeight(_ newHeight: Int, _ filter: ResizingFilter, _ arithmetic: ResizingArithmetic) -> Image {
        let table = ResizingWeights(filter, from: height, to: newHeight)
        let bits = arithmetic.bits(for: table)
        let (weights, lineSize) = (table.fixed(bits: bits), width * channels.rawValue)
        var sums = [Int32](repeating: 0, count: lineSize)
        let resized = [UInt8](unsafeUninitializedCapacity: lineSize * newHeight) { output, written in
            samples.withUnsafeBufferPointer { samples in
                sums.withUnsafeMutableBufferPointer { sums in
                    for y in 0..<newHeight {
                        sums.update(repeating: Int32(1) << Int32(bits - 1))
                        for tap in 0..<table.counts[y] {
                            let weight = weights[y * table.size + tap]
                            let start = (table.firsts[y] + tap) * lineSize
                            for x in 0..<lineSize { sums[x] &+= Int32(samples[start + x]) &* weight }
                        }
                        for x in 0..<lineSize { output[y * lineSize + x] = Image.cut(sums[x] &>> Int32(bits)) }
                    }
                }
            }
            written = lineSize * newHeight
        }
        return Image(unchecked: resized, width, newHeight, channels)
    }

    @inline(__always)
    private static func cut(_ value: Int32) -> UInt8 { UInt8(truncatingIfNeeded: min(max(value, 0), 255)) }

    private func nearest(_ newWidth: Int, _ newHeight: Int) -> Image {
        let columns = Image.nearest(width, newWidth)
        var samples: [UInt8] = []
        samples.reserveCapacity(newWidth * newHeight * channels.rawValue)
        for row in Image.nearest(height, newHeight) {
            for column in columns { samples += self[column, row] }
        }
        return Image(unchecked: samples, newWidth, newHeight, channels)
    }

    /// The old pixel below the middle of each new one. The place is added up step by step, as Pillow does, roundings and all.
    private static func nearest(_ oldCount: Int, _ newCount: Int) -> [Int] {
        let step = Double(oldCount) / Double(newCount)
        var place = step * 0.5
        return (0..<newCount).map { _ in
            defer { place += step }
            return min(Int(place), oldCount - 1)
        }
    }
}

extension Tensor {
    /// Images [B, C, H, W] brought to [B, C, rows, columns] by straight lines between the centres of pixels.
    ///
    /// Row i lies at (i + ½) H / rows − ½ of the image, at 0 if that is less, and is the mean of the two rows around it weighted by 1 − distance, the
    /// last row standing for what lies beyond it; likewise columns. What torch calls `bilinear` with `align_corners=False`.
    /// - Throws: `ShapeError` if this is no image, the image is empty, or there are to be no rows or columns.
    public func resizedBilinearly(rows: Int, columns: Int) throws(ShapeError) -> Tensor {
        let sides = 1...(1 << 30)
        guard shape.rank == 4, shape[2] > 0, shape[3] > 0, sides.contains(rows), sides.contains(columns) else {
            throw ShapeError(
                "resizedBilinearly", expected: "images [B, C, H, W] and at least 1 × 1 pixels",
                found: "\(shape) and \(rows) × \(columns)")
        }
        let target = try Shape([shape[0], shape[1], rows, columns]).checked(for: "resizedBilinearly")
        let (lines, across) = (AxisMixture(shape[2], rows), AxisMixture(shape[3], columns))
        let (planes, area) = (shape[0] * shape[1], shape[2] * shape[3])
        let width = shape[3]

        /// Calls `body` with every place, every pixel that it is mixed of, and the pixel's share. Planes run in parallel.
        @Sendable func forEachPixel(_ body: (_ place: Int, _ pixel: Int, _ share: Float) -> Void) {
            Parallel.forEachChunk(of: planes, grain: max(1, (1 << 14) / (rows * columns))) { range in
                for plane in range {
                    for row in 0..<rows {
                        for (line, height) in lines[row] {
                            for column in 0..<columns {
                                let place = (plane * rows + row) * columns + column
                                let start = plane * area + line * width
                                for (x, share) in across[column] { body(place, start + x, height * share) }
                            }
                        }
                    }
                }
            }
        }

        let output = Tensor.zeros(target)
        withElements { images in
            forEachPixel { place, pixel, share in output.storage.elements[place] += share * images[pixel] }
        }
        return output.derived(from: self) { upstream, gradients in
            upstream.withElements { upstream in
                gradients.accumulate(to: self) { total in
                    forEachPixel { place, pixel, share in total[pixel] += share * upstream[place] }
                }
            }
        }
    }
}

/// Which two elements of an axis each place is mixed of.
private struct AxisMixture: Sendable {
    private let size: Int
    private let scale: Float

    init(_ size: Int, _ count: Int) { (self.size, scale) = (size, Float(size) / Float(count)) }

    subscript(place: Int) -> [(element: Int, share: Float)] {
        let position = max(0, (Float(place) + 0.5) * scale - 0.5)
        let first = min(size - 1, Int(position))
        let behind = min(1, position - Float(first))
        return [(first, 1 - behind), (min(size - 1, first + 1), behind)]
    }
}

/// Images [B, C, H, W] brought to [B, C, rows, columns]: each place is the mean of the rows ⌊i H / rows⌋ ..< ⌈(i + 1) H / rows⌉, and likewise of
/// columns, channel by channel.
/// - Throws: `ShapeError` if these are no images, they are empty, or there are to be no rows or columns.
public func adaptiveAveragePooling2D(_ x: Tensor, rows: Int, columns: Int) throws(ShapeError) -> Tensor {
    let shape = x.shape
    guard shape.rank == 4, shape[2] > 0, shape[3] > 0, rows > 0, columns > 0 else {
        throw ShapeError(
            "adaptiveAveragePooling2D", expected: "images [B, C, H, W] and at least 1 × 1 places",
            found: "\(shape) and \(rows) × \(columns)")
    }
    let target = try Shape([shape[0], shape[1], rows, columns]).checked(for: "adaptiveAveragePooling2D")
    let parts = AdaptiveParts(height: shape[2], width: shape[3], rows: rows, columns: columns)
    let planes = shape[0] * shape[1]
    let output = Tensor.zeros(target)
    x.withElements { images in
        parts.forEach(planes) { place, element, share in output.storage.elements[place] += share * images[element] }
    }
    return output.derived(from: x) { upstream, gradients in
        upstream.withElements { upstream in
            gradients.accumulate(to: x) { total in
                parts.forEach(planes) { place, element, share in total[element] += share * upstream[place] }
            }
        }
    }
}

/// Which part of an image each place is the mean of.
private struct AdaptiveParts: Sendable {
    let height, width, rows, columns: Int

    /// Calls `body` with every place, every element of its part, and the element's share. Planes run in parallel.
    func forEach(_ planes: Int, _ body: (_ place: Int, _ element: Int, _ share: Float) -> Void) {
        Parallel.forEachChunk(of: planes, grain: max(1, (1 << 14) / (height * width))) { range in
            for plane in range {
                for row in 0..<rows {
                    let lines = Self.part(row, of: rows, height)
                    for column in 0..<columns {
                        let across = Self.part(column, of: columns, width)
                        let share = 1 / Float(lines.count * across.count)
                        let place = (plane * rows + row) * columns + column
                        for line in lines {
                            for x in across { body(place, (plane * height + line) * width + x, share) }
                        }
                    }
                }
            }
        }
    }

    private static func part(_ index: Int, of count: Int, _ size: Int) -> Range<Int> {
        index * size / count..<((index + 1) * size + count - 1) / count
    }
}

/// What a pooling sees of images [B, C, H, W].
struct Pooling: Sendable {
    let window: SlidingWindow
    let outputShape: Shape

    init(
        of image: Shape, kernel: (rows: Int, columns: Int), stride: (rows: Int, columns: Int),
        padding: (rows: Int, columns: Int), dilation: (rows: Int, columns: Int), in operation: String
    ) throws(ShapeError) {
        guard image.rank == 4 else { throw ShapeError(operation, expected: "images [B, C, H, W]", found: "\(image)") }
        guard padding.rows <= kernel.rows / 2, padding.columns <= kernel.columns / 2 else {
            throw ShapeError(
                operation, expected: "a padding of half of the kernel \(kernel.rows) × \(kernel.columns) at most",
                found: "\(padding.rows), \(padding.columns)")
        }
        window = try SlidingWindow(
            on: (image[2], image[3]), kernel: kernel, stride: stride, padding: padding, dilation: dilation,
            in: operation)
        outputShape = try Shape([image[0], image[1], window.rows.placeCount, window.columns.placeCount])
            .checked(for: operation)
    }

    /// Calls `body` with where every plane begins, in the images and in what is made of them, on the team.
    func forEachPlane(_ body: (_ image: Int, _ places: Int) -> Void) {
        let grain = max(1, (1 << 14) / max(1, window.placeCount * window.kernelArea))
        Parallel.forEachChunk(of: outputShape[0] * outputShape[1], grain: grain) { planes in
            for plane in planes { body(plane * window.imageArea, plane * window.placeCount) }
        }
    }
}

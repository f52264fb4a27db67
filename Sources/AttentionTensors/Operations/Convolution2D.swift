internal import CAttentionKernels

/// y_o(p) = Σ_c Σ_δ weight_oc(δ) x_c(p + δ − padding): the cross-correlation that networks call convolution, with zeros outside the image.
///
/// - Parameters:
///   - x: [B, C, H, W].
///   - weight: [O, C, h, w].
///   - padding: how many rows of zeros are thought above and below, and columns on both sides.
/// - Returns: [B, O, H + 2 rows − h + 1, W + 2 columns − w + 1].
/// - Throws: `ShapeError` if the shapes do not fit or the weight is larger than the padded image.
/// - Complexity: O(B O C h w H W) time, as one matrix product over patches that take h w times the image's memory.
public func convolution2D(
    _ x: Tensor, weight: Tensor, padding: (rows: Int, columns: Int) = (0, 0)
) throws(ShapeError) -> Tensor {
    guard x.shape.rank == 4, weight.shape.rank == 4, x.shape[1] == weight.shape[1] else {
        throw ShapeError(
            "convolution2D", expected: "images [B, C, H, W] for a weight [O, C, h, w]",
            found: "\(x.shape) and \(weight.shape)")
    }
    let patches = try Patches(of: x.shape, kernel: (weight.shape[2], weight.shape[3]), padding: padding)
    let flat = try matmul(
        try weight.reshaped(to: [weight.shape[0], patches.rowCount]), try patches.gathered(from: x))  // [B, O, H'W']
    return try flat.reshaped(to: [x.shape[0], weight.shape[0], patches.height, patches.width])
}

/// What a kernel sees of images at each of its places: [B, C h w, H' W'].
private struct Patches: Sendable {
    let image: Shape
    let kernel: (height: Int, width: Int)
    let padding: (rows: Int, columns: Int)

    init(of image: Shape, kernel: (Int, Int), padding: (rows: Int, columns: Int)) throws(ShapeError) {
        self.image = image
        self.kernel = kernel
        self.padding = padding
        let sides = 0...(1 << 30)
        guard sides.contains(padding.rows), sides.contains(padding.columns), kernel.0 > 0, kernel.1 > 0,
            height >= 0, width >= 0
        else {
            throw ShapeError(
                "convolution2D",
                expected: "a kernel of at least 1 × 1 within the image \(image[2]) × \(image[3]) and its padding",
                found: "\(kernel.0) × \(kernel.1) with padding \(padding.rows), \(padding.columns)")
        }
    }

    /// H'.
    var height: Int { image[2] + 2 * padding.rows - kernel.height + 1 }
    /// W'.
    var width: Int { image[3] + 2 * padding.columns - kernel.width + 1 }
    /// C h w.
    var rowCount: Int { image[1] * kernel.height * kernel.width }

    func gathered(from x: Tensor) throws(ShapeError) -> Tensor {
        let shape = try Shape([image[0], rowCount, height * width]).checked(for: "convolution2D")
        let patches = Tensor.zeros(shape)
        x.withElements { x in
            forEachRun { place, source, count in
                (patches.storage.elements + place).update(from: x + source, count: count)
            }
        }
        return patches.derived(from: x) { upstream, gradients in
            gradients.accumulate(to: x) { total in
                upstream.withElements { upstream in
                    forEachRun { place, source, count in
                        kernels.add(total + source, total + source, upstream + place, count)
                    }
                }
            }
        }
    }

    /// Calls `body` with every run of neighbours that patches and images share: where it begins in each, and how long it is.
    ///
    /// Images run in parallel, so that no two threads meet in one.
    private func forEachRun(_ body: (_ place: Int, _ source: Int, _ count: Int) -> Void) {
        Parallel.forEach(image[0]) { item in
            for row in 0..<rowCount {
                let (down, right) = (row / kernel.width % kernel.height, row % kernel.width)
                let plane = (item * image[1] + row / (kernel.width * kernel.height)) * image[2] * image[3]
                let first = max(0, padding.columns - right)
                let end = min(width, image[3] + padding.columns - right)
                guard first < end else { continue }
                for y in 0..<height where (0..<image[2]).contains(y + down - padding.rows) {
                    body(
                        ((item * rowCount + row) * height + y) * width + first,
                        plane + (y + down - padding.rows) * image[3] + first + right - padding.columns, end - first)
                }
            }
        }
    }
}

internal import CAttentionKernels

/// y(p) = max_δ x(stride · p + dilation · δ − padding), channel by channel, over what lies on the image.
///
/// The gradient goes to the first of the largest elements; NaN wins.
/// - Parameters:
///   - x: [B, C, H, W].
///   - kernel: how many rows and columns are seen at a place.
///   - stride: how many rows and columns lie between two places; nil for as many as the kernel has.
///   - padding: how many rows above and below, and columns on both sides, a place may begin outside the image: half of the kernel at most.
///   - dilation: how many rows and columns lie between what two neighbours of the kernel see.
/// - Returns: [B, C, H', W'], sizes as `convolution2D`'s.
/// - Throws: `ShapeError` if the shapes do not fit.
public func maximumPooling2D(
    _ x: Tensor, kernel: (rows: Int, columns: Int), stride: (rows: Int, columns: Int)? = nil,
    padding: (rows: Int, columns: Int) = (0, 0), dilation: (rows: Int, columns: Int) = (1, 1)
) throws(ShapeError) -> Tensor {
    let pooling = try Pooling(
        of: x.shape, kernel: kernel, stride: stride ?? kernel, padding: padding, dilation: dilation,
        in: "maximumPooling2D")
    let images = x.contiguous().detached()
    let output = Tensor.full(-.infinity, pooling.outputShape)
    images.withElements { images in
        pooling.forEachPlane { image, places in
            let (plane, out) = (images + image, output.storage.elements + places)
            pooling.forEachElement { place, source in
                if plane[source] > out[place] || plane[source].isNaN { out[place] = plane[source] }
            }
        }
    }
    return output.derived(from: x) { upstream, gradients in
        let upstream = upstream.contiguous()
        gradients.accumulate(to: x) { total in
            images.withElements { images in
                upstream.withElements { upstream in
                    pooling.forEachPlane { image, places in
                        let (plane, largest) = (images + image, output.storage.elements + places)
                        // Elements come in the order in which they stand in the kernel, so the first of equals is met first.
                        var taken = [Bool](repeating: false, count: pooling.window.placeCount)
                        pooling.forEachElement { place, source in
                            let isLargest =
                                plane[source] == largest[place]
                                || (plane[source].isNaN && largest[place].isNaN)
                            guard isLargest, !taken[place] else { return }
                            taken[place] = true
                            total[image + source] += upstream[places + place]
                        }
                    }
                }
            }
        }
    }
}

/// y(p) = Σ_δ x(stride · p + δ − padding) / (h w), channel by channel, with zeros outside the image, which count.
///
/// - Parameters:
///   - x: [B, C, H, W].
///   - kernel: h and w: how many rows and columns are seen at a place.
///   - stride: how many rows and columns lie between two places; nil for as many as the kernel has.
///   - padding: how many rows of zeros are thought above and below, and columns on both sides: half of the kernel at most.
/// - Returns: [B, C, H', W'], sizes as `convolution2D`'s.
/// - Throws: `ShapeError` if the shapes do not fit.
public func averagePooling2D(
    _ x: Tensor, kernel: (rows: Int, columns: Int), stride: (rows: Int, columns: Int)? = nil,
    padding: (rows: Int, columns: Int) = (0, 0)
) throws(ShapeError) -> Tensor {
    let pooling = try Pooling(
        of: x.shape, kernel: kernel, stride: stride ?? kernel, padding: padding, dilation: (1, 1),
        in: "averagePooling2D")
    let share = 1 / Float(pooling.window.kernelArea)
    let output = Tensor.zeros(pooling.outputShape)
    x.withElements { images in
        pooling.forEachPlane { image, places in
            let (plane, out) = (images + image, output.storage.elements + places)
            pooling.forEachElement { place, source in out[place] += share * plane[source] }
        }
    }
    return output.derived(from: x) { upstream, gradients in
        upstream.withElements { upstream in
            gradients.accumulate(to: x) { total in
                pooling.forEachPlane { image, places in
                    let (plane, values) = (total + image, upstream + places)
                    pooling.forEachElement { place, source in plane[source] += share * values[place] }
                }
            }
        }
    }
}

/// What a pooling sees of images [B, C, H, W].
private struct Pooling: Sendable {
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

    /// Calls `body` with every place of a plane and every element that is seen from it, in the order of the kernel's elements.
    func forEachElement(_ body: (_ place: Int, _ source: Int) -> Void) {
        for element in 0..<window.kernelArea {
            window.forEachRun(of: element, within: 0..<window.placeCount) { place, source, count in
                for index in 0..<count { body(place + index, source + index * window.columns.stride) }
            }
        }
    }
}

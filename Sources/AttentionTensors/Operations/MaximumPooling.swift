internal import CAttentionKernels

/// y(p) = max_δ x(stride · p + dilation · δ − padding), channel by channel, over what lies on the image.
///
/// The gradient goes to the first of the largest elements. NaN wins, the last of them, as in PyTorch.
/// - Parameters:
///   - x: [B, C, H, W].
///   - kernel: how many rows and columns are seen at a place.
///   - stride: how many rows and columns lie between two places; nil for as many as the kernel has.
///   - padding: how many rows above and below, and columns on both sides, a place may begin outside the image: half of the kernel at most.
///   - dilation: how many rows and columns lie between what two neighbours of the kernel see.
/// - Returns: [B, C, H', W'], sizes as `convolution2D`'s; −∞ where a place sees nothing of the image.
/// - Throws: `ShapeError` if the shapes do not fit, or an image has 2³¹ elements or more.
public func maximumPooling2D(
    _ x: Tensor, kernel: (rows: Int, columns: Int), stride: (rows: Int, columns: Int)? = nil,
    padding: (rows: Int, columns: Int) = (0, 0), dilation: (rows: Int, columns: Int) = (1, 1)
) throws(ShapeError) -> Tensor {
    let pooling = try Pooling(
        of: x.shape, kernel: kernel, stride: stride ?? kernel, padding: padding, dilation: dilation,
        in: "maximumPooling2D")
    guard pooling.window.imageArea <= Int32.max else {
        throw ShapeError(
            "maximumPooling2D", expected: "images of at most \(Int32.max) elements",
            found: "\(x.shape[2]) × \(x.shape[3])")
    }
    let sources = PoolingSources(count: pooling.outputShape.elementCount)
    let output = Tensor(shape: pooling.outputShape) { out in
        x.withElements { images in
            sources.withElements { sources in
                pooling.forEachPlane { image, places in
                    pooling.window.withAxes { rows, columns in
                        kernels.maximum_pooling(out + places, sources + places, images + image, rows, columns)
                    }
                }
            }
        }
    }
    return output.derived(from: x) { upstream, gradients in
        upstream.withElements { upstream in
            gradients.accumulate(to: x) { total in
                sources.withElements { sources in
                    pooling.forEachPlane { image, places in
                        for place in places..<places + pooling.window.placeCount where sources[place] >= 0 {
                            total[image + Int(sources[place])] += upstream[place]
                        }
                    }
                }
            }
        }
    }
}

/// Where in its image the element lies that each place of a pooling kept; −1 for none.
private struct PoolingSources: Sendable {
    private let memory: Storage

    /// Places that are not yet known.
    init(count: Int) { memory = Storage(count: count) }

    /// Calls `body` with a place's source each, in the memory of as many floats.
    func withElements<Result>(_ body: (UnsafeMutablePointer<Int32>) -> Result) -> Result {
        withExtendedLifetime(memory) {
            memory.elements.withMemoryRebound(to: Int32.self, capacity: memory.count, body)
        }
    }
}

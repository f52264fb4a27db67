internal import CAttentionKernels

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
    // A depthwise convolution whose weights are one number.
    let share = 1 / Float(pooling.window.kernelArea)
    let output = Tensor.zeros(pooling.outputShape)
    x.withElements { images in
        pooling.forEachPlane { image, places in
            pooling.window.withAxes { rows, columns in
                withUnsafePointer(to: share) { share in
                    kernels.depthwise_convolution(
                        output.storage.elements + places, images + image, share, 0, rows, columns)
                }
            }
        }
    }
    return output.derived(from: x) { upstream, gradients in
        upstream.withElements { upstream in
            gradients.accumulate(to: x) { total in
                pooling.forEachPlane { image, places in
                    pooling.window.withAxes { rows, columns in
                        withUnsafePointer(to: share) { share in
                            kernels.depthwise_input_backward(
                                total + image, upstream + places, share, 0, rows, columns)
                        }
                    }
                }
            }
        }
    }
}

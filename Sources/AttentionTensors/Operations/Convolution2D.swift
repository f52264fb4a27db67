/// y_o(p) = b_o + Σ_c Σ_δ weight_oc(δ) x_c(stride · p + dilation · δ − padding): the cross-correlation that networks call convolution, with zeros
/// outside the image, each output over the channels of its group.
///
/// - Parameters:
///   - x: [B, C, H, W].
///   - weight: [O, C / G, h, w]; output o reads the channels of group ⌊o G / O⌋.
///   - bias: b, [O]; nil for none.
///   - stride: how many rows and columns lie between two places of the kernel.
///   - padding: how many rows of zeros are thought above and below, and columns on both sides.
///   - dilation: how many rows and columns lie between what two neighbours of the kernel see.
///   - groupCount: G; with G = C = O each channel is convolved by itself.
/// - Returns: [B, O, H', W'], H' = ⌊(H + 2 padding − dilation (h − 1) − 1) / stride⌋ + 1, and likewise W'.
/// - Throws: `ShapeError` if the shapes do not fit or the weight is larger than the padded image.
/// - Complexity: O(B O C / G h w H' W') time, as matrix products over patches, of which a few megabytes are laid out at a time.
public func convolution2D(
    _ x: Tensor, weight: Tensor, bias: Tensor? = nil, stride: (rows: Int, columns: Int) = (1, 1),
    padding: (rows: Int, columns: Int) = (0, 0), dilation: (rows: Int, columns: Int) = (1, 1), groupCount: Int = 1
) throws(ShapeError) -> Tensor {
    guard x.shape.rank == 4, weight.shape.rank == 4, groupCount != 1 || x.shape[1] == weight.shape[1] else {
        throw ShapeError(
            "convolution2D", expected: "images [B, C, H, W] for a weight [O, C, h, w]",
            found: "\(x.shape) and \(weight.shape)")
    }
    let window = try SlidingWindow(
        on: (x.shape[2], x.shape[3]), kernel: (weight.shape[2], weight.shape[3]), stride: stride, padding: padding,
        dilation: dilation, in: "convolution2D")
    let convolution = try Convolution(
        batchCount: x.shape[0], inputCount: x.shape[1], weight: weight.shape, groupCount: groupCount, window: window,
        in: "convolution2D")
    try bias?.requireShape([weight.shape[0]], "a bias", in: "convolution2D")
    let output = try Tensor.filled(with: bias, convolution.outputShape.checked(for: "convolution2D"))
    let (images, kernel) = (x.contiguous().detached(), weight.contiguous().detached())
    images.withElements { images in
        kernel.withElements { convolution.addOutputs(to: output.storage.elements, of: images, weight: $0) }
    }
    return output.derived(from: [x, weight, bias].compactMap { $0 }) { upstream, gradients in
        let upstream = upstream.contiguous()
        upstream.withElements { values in
            gradients.accumulate(to: x) { total in
                kernel.withElements { convolution.addInputs(to: total, of: values, weight: $0) }
            }
            gradients.accumulate(to: weight) { total in
                images.withElements { convolution.addWeight(to: total, of: values, inputs: $0) }
            }
        }
        if let bias { gradients.add(upstream.channelSums(), to: bias) }
    }
}

extension Tensor {
    /// A tensor [B, O, H, W] that is the bias of each of its channels, or 0, outside the graph.
    static func filled(with bias: Tensor?, _ shape: Shape) -> Tensor {
        guard let bias else { return .zeros(shape) }
        return bias.detached().viewed(as: [1, shape[1], 1, 1]).filling(shape).copied()
    }

    /// The sum over all but the second of four axes, outside the graph.
    func channelSums() -> Tensor { summed(to: [1, shape[1], 1, 1]).viewed(as: [shape[1]]) }
}

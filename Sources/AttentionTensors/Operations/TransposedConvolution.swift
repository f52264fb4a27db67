/// y_o(stride · p + dilation · δ − padding) += Σ_c weight_co(δ) x_c(p), and b_o everywhere: what flows back through `convolution2D`, as a map
/// that makes images larger (Zeiler et al. 2010, *Deconvolutional Networks*).
///
/// - Parameters:
///   - x: [B, C, H, W].
///   - weight: [C, O / G, h, w].
///   - bias: b, [O]; nil for none.
///   - stride: how many rows and columns apart neighbours of x are written.
///   - padding: how many rows and columns are cut off on all sides.
///   - outputPadding: how many rows and columns are added below and on the right, fewer than the stride: of the sizes that a convolution
///     makes H × W of, which one it is.
///   - dilation: how far apart neighbours of the kernel are written.
///   - groupCount: G.
/// - Returns: [B, O, H', W'], H' = (H − 1) stride − 2 padding + dilation (h − 1) + 1 + outputPadding, and likewise W'.
/// - Throws: `ShapeError` if the shapes do not fit.
public func transposedConvolution2D(
    _ x: Tensor, weight: Tensor, bias: Tensor? = nil, stride: (rows: Int, columns: Int) = (1, 1),
    padding: (rows: Int, columns: Int) = (0, 0), outputPadding: (rows: Int, columns: Int) = (0, 0),
    dilation: (rows: Int, columns: Int) = (1, 1), groupCount: Int = 1
) throws(ShapeError) -> Tensor {
    let name = "transposedConvolution2D"
    guard x.shape.rank == 4, weight.shape.rank == 4, x.shape[1] == weight.shape[0] else {
        throw ShapeError(
            name, expected: "images [B, C, H, W] for a weight [C, O, h, w]", found: "\(x.shape) and \(weight.shape)")
    }
    let sizes = (
        rows: try writtenSize(
            x.shape[2], weight.shape[2], stride.rows, padding.rows, outputPadding.rows, dilation.rows),
        columns: try writtenSize(
            x.shape[3], weight.shape[3], stride.columns, padding.columns, outputPadding.columns, dilation.columns)
    )
    let window = try SlidingWindow(
        on: sizes, kernel: (weight.shape[2], weight.shape[3]), stride: stride, padding: padding, dilation: dilation,
        in: name)
    let convolution = try Convolution(
        batchCount: x.shape[0], inputCount: weight.shape[1] * min(max(0, groupCount), weight.shape[0]),
        weight: weight.shape,
        groupCount: groupCount, window: window, in: name)
    try bias?.requireShape([convolution.inputCount], "a bias", in: name)
    let output = try Tensor.filled(with: bias, convolution.inputShape.checked(for: name))
    let (images, kernel) = (x.contiguous().detached(), weight.contiguous().detached())
    images.withElements { images in
        kernel.withElements { convolution.addInputs(to: output.storage.elements, of: images, weight: $0) }
    }
    return output.derived(from: [x, weight, bias].compactMap { $0 }) { upstream, gradients in
        let upstream = upstream.contiguous()
        upstream.withElements { values in
            gradients.accumulate(to: x) { total in
                kernel.withElements { convolution.addOutputs(to: total, of: values, weight: $0) }
            }
            gradients.accumulate(to: weight) { total in
                images.withElements { convolution.addWeight(to: total, of: $0, inputs: values) }
            }
        }
        if let bias { gradients.add(upstream.channelSums(), to: bias) }
    }
}

/// `transposedConvolution2D` along one axis: x [B, C, T], weight [C, O / G, k] → [B, O, (T − 1) stride − 2 padding + dilation (k − 1) + 1 +
/// outputPadding].
/// - Throws: `ShapeError` if the shapes do not fit.
public func transposedConvolution1D(
    _ x: Tensor, weight: Tensor, bias: Tensor? = nil, stride: Int = 1, padding: Int = 0, outputPadding: Int = 0,
    dilation: Int = 1, groupCount: Int = 1
) throws(ShapeError) -> Tensor {
    guard x.shape.rank == 3, weight.shape.rank == 3 else {
        throw ShapeError(
            "transposedConvolution1D", expected: "sequences [B, C, T] for a weight [C, O, k]",
            found: "\(x.shape) and \(weight.shape)")
    }
    return try transposedConvolution2D(
        x.unsqueezed(axis: 2), weight: weight.unsqueezed(axis: 2), bias: bias, stride: (1, stride),
        padding: (0, padding), outputPadding: (0, outputPadding), dilation: (1, dilation), groupCount: groupCount
    ).squeezed(axis: 2)
}

/// H' of H, which must be what a convolution makes of H' again.
private func writtenSize(
    _ size: Int, _ kernel: Int, _ stride: Int, _ padding: Int, _ outputPadding: Int, _ dilation: Int
) throws(ShapeError) -> Int {
    let sides = 1...(1 << 30)
    let cut = 0...(1 << 30)
    if [size, kernel, stride, dilation].allSatisfy(sides.contains), cut.contains(padding),
        (0..<stride).contains(outputPadding)
    {
        let written = (size - 1) * stride - 2 * padding + dilation * (kernel - 1) + 1 + outputPadding
        if sides.contains(written) { return written }
    }
    throw ShapeError(
        "transposedConvolution2D", expected: "an output of at least 1 and an output padding below the stride",
        found: "size \(size), kernel \(kernel), stride \(stride), padding \(padding), output padding \(outputPadding)")
}

/// y_o(t) = b_o + Σ_c Σ_δ weight_oc(δ) x_c(stride · t + dilation · δ − padding): `convolution2D` along one axis.
///
/// - Parameters:
///   - x: [B, C, T].
///   - weight: [O, C / G, k].
///   - bias: b, [O]; nil for none.
///   - stride: how many steps lie between two places of the kernel.
///   - padding: how many zeros are thought before the first step and behind the last.
///   - dilation: how many steps lie between what two neighbours of the kernel see.
///   - groupCount: G.
/// - Returns: [B, O, T'], T' = ⌊(T + 2 padding − dilation (k − 1) − 1) / stride⌋ + 1.
/// - Throws: `ShapeError` if the shapes do not fit or the weight is longer than the padded sequence.
public func convolution1D(
    _ x: Tensor, weight: Tensor, bias: Tensor? = nil, stride: Int = 1, padding: Int = 0, dilation: Int = 1,
    groupCount: Int = 1
) throws(ShapeError) -> Tensor {
    guard x.shape.rank == 3, weight.shape.rank == 3 else {
        throw ShapeError(
            "convolution1D", expected: "sequences [B, C, T] for a weight [O, C, k]",
            found: "\(x.shape) and \(weight.shape)")
    }
    return try convolution2D(
        x.unsqueezed(axis: 2), weight: weight.unsqueezed(axis: 2), bias: bias, stride: (1, stride),
        padding: (0, padding), dilation: (1, dilation), groupCount: groupCount
    ).squeezed(axis: 2)
}

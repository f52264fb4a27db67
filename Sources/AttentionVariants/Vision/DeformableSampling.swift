public import AttentionTensors

/// A few points of feature maps at several scales, read and mixed: Σ_lp softmax(logits)_lp value_l(location_lp), for each query and head.
///
/// A location (x, y) in [0, 1] means the pixel location · size − 0.5 of its level; values between pixels are bilinear, zeros outside. Gradients flow
/// to the locations too.
///
/// *Source:* Zhu et al. 2021, *Deformable DETR: Deformable Transformers for End-to-End Object Detection*, eq. 2–3.
/// - Parameters:
///   - value: the levels' places one level after another, [B, Σ h w, H, D].
///   - levels: the size of each level.
///   - locations: [B, Q, H, levels, points, 2].
///   - logits: [B, Q, H, levels · points].
/// - Returns: what is read, [B, Q, H, D], and the weights, [B, Q, H, levels · points].
/// - Throws: `ShapeError` if the shapes do not fit.
public func deformableAttention(
    value: Tensor, levels: [(height: Int, width: Int)], locations: Tensor, logits: Tensor
) throws(ShapeError) -> (output: Tensor, weights: Tensor) {
    let starts = try startsOfLevels(levels, in: value)
    let (batch, heads, size) = (value.shape[0], value.shape[2], value.shape[3])
    guard locations.shape.rank == 6,
        locations.shape == [batch, locations.shape[1], heads, levels.count, locations.shape[4], 2]
    else {
        throw ShapeError(
            "deformableAttention", expected: "locations [\(batch), Q, \(heads), \(levels.count), points, 2]",
            found: "\(locations.shape)")
    }
    let (queries, points) = (locations.shape[1], locations.shape[4])
    try logits.requireShape([batch, queries, heads, levels.count * points], "logits", in: "deformableAttention")

    let weights = try logits.softmax()
    let shares = try weights.reshaped(to: [batch, queries, heads, levels.count, 1, points])
        .permuted([3, 0, 2, 1, 4, 5])  // [levels, B, H, Q, 1, points]
    let places = locations.permuted([3, 0, 2, 1, 4, 5])  // [levels, B, H, Q, points, 2]
    var output = Tensor.zeros([batch, heads, queries, 1, size])
    for (index, level) in levels.enumerated() {
        let count = level.height * level.width
        let maps = try value.sliced(axis: 1, starts[index]..<starts[index] + count).transposed(1, 2)
            .reshaped(to: [batch * heads, level.height, level.width, size])
        let extent = try Tensor([Float(level.width), Float(level.height)], shape: [2])
        let pixels = try places.at(index).reshaped(to: [batch * heads, queries * points, 2]) * extent - 0.5
        let read = try maps.sampledBilinearly(at: pixels)
            .reshaped(to: [batch, heads, queries, points, size])
        output = output + (try matmul(try shares.at(index), read))
    }
    return (try output.squeezed(axis: 3).transposed(1, 2), weights)
}

/// Where each level begins among the places of all.
private func startsOfLevels(_ levels: [(height: Int, width: Int)], in value: Tensor) throws(ShapeError) -> [Int] {
    var starts = [0]
    for (height, width) in levels where value.shape.rank == 4 {
        guard (1...max(1, value.shape[1])).contains(height), (1...max(1, value.shape[1])).contains(width) else { break }
        starts.append(starts[starts.count - 1] + height * width)
    }
    guard value.shape.rank == 4, starts.count == levels.count + 1, starts.last == value.shape[1] else {
        let sizes = levels.map { "\($0.height) × \($0.width)" }.joined(separator: ", ")
        throw ShapeError(
            "deformableAttention", expected: "values [B, Σ h w, H, D] for levels of \(sizes)", found: "\(value.shape)")
    }
    return starts
}

import AttentionTensors

/// Where the heads of all layers look, joined along a new axis: a layer with fewer heads than others has zeros behind its own.
///
/// - Parameters:
///   - weights: those of each layer, all of one shape but for the number of heads.
///   - headAxis: where a layer's heads stand.
///   - axis: where the layers are to stand.
/// - Throws: `ShapeError` if the shapes do not fit each other.
func stackedLayers(_ weights: [Tensor], headAxis: Int, axis: Int) throws(ShapeError) -> Tensor {
    let headCount = weights.map { $0.shape[headAxis] }.max() ?? 0
    var filled: [Tensor] = []
    for layer in weights {
        var missing = layer.shape.dimensions
        missing[headAxis] = headCount - layer.shape[headAxis]
        filled.append(
            missing[headAxis] == 0 ? layer : try concatenated([layer, .zeros(Shape(missing))], axis: headAxis))
    }
    return try stacked(filled, axis: axis)
}

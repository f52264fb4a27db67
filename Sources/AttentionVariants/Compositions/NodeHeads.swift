internal import AttentionTensors

/// The features of a graph's nodes, split into heads: what graph attention reads.
struct NodeHeads {
    /// [H, N, D].
    let features: Tensor

    /// W h for nodes h [N, F] and a weight W [H · D, F], with `heads` = [H, D].
    /// - Throws: `ShapeError` if the shapes do not fit.
    init(_ nodes: Tensor, weight: Parameter, heads: Shape) throws(ShapeError) {
        guard nodes.shape.rank == 2, weight.shape.rank == 2, heads.rank == 2, weight.shape[0] == heads.elementCount
        else {
            throw ShapeError(
                "graphAttention", expected: "nodes [N, F], a weight [H · D, F] and vectors [H, D]",
                found: "\(nodes.shape), \(weight.shape) and \(heads)")
        }
        features = try linear(nodes, weight: weight).reshaped(to: [nodes.shape[0], heads[0], heads[1]])
            .transposed(0, 1)
    }

    /// What nodes read from their neighbours by scores [H, N, N]: [N, H · D], and the weights [H, N, N].
    /// - Throws: `ShapeError` unless the adjacency is [N, N].
    func read(by scores: Tensor, _ adjacency: Mask) throws(ShapeError) -> (output: Tensor, weights: Tensor) {
        let (heads, count, size) = (features.shape[0], features.shape[1], features.shape[2])
        guard adjacency.shape == [count, count] else {
            throw ShapeError(
                "graphAttention", expected: "an adjacency [\(count), \(count)]", found: "\(adjacency.shape)")
        }
        let weights = try scores.softmax(visible: adjacency)
        let read = try matmul(weights, features).transposed(0, 1)  // [N, H, D]
        return (try read.reshaped(to: [count, heads * size]), weights)
    }
}

extension Tensor {
    /// x, and slope · x below 0.
    func leaky(_ slope: Float) -> Tensor {
        mapped {
            $0 > 0 ? $0 : slope * $0
        } derivative: { x, _ in
            x > 0 ? 1 : slope
        }
    }
}

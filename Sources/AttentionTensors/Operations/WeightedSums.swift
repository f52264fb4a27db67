/// weights [..., Q, K] × values [..., K, D] → [..., Q, D]: Σ_j w_ij v_j, where a weight of exactly 0 takes nothing, whatever the value is.
///
/// So NaN and infinities in a value that a query may not see do not reach it, forwards or backwards (0 · NaN would be NaN).
/// - Throws: `ShapeError` if the shapes do not fit.
package func weightedSums(_ weights: Tensor, of values: Tensor) throws(ShapeError) -> Tensor {
    let rank = values.shape.rank
    guard rank >= 2, weights.shape.rank == rank,
        weights.shape.dimensions.dropLast(2) == values.shape.dimensions.dropLast(2),
        weights.shape[-1] == values.shape[-2]
    else {
        throw ShapeError(
            "weightedSums", expected: "weights [..., Q, K] and values [..., K, D]",
            found: "\(weights.shape) and \(values.shape)")
    }
    let products = try matmul(weights, values)
    // A value that is not finite spoils a product, even by a weight of 0; so products tell of values, of which there may be many more.
    guard !products.isFinite, !values.isFinite else { return products }
    return sums(weights, values).derived(from: weights, values) { upstream, gradients in
        gradients.add(sums(upstream, values.transposed(), where: weights), to: weights)
        gradients.add(sums(weights.transposed(), upstream), to: values)
    }
}

/// scale · q kᵀ, [..., Q, D] × [..., K, D] → [..., Q, K], whose derivative takes nothing from a pair without gradient, whatever its vectors
/// hold.
/// - Throws: `ShapeError` if the shapes do not fit.
package func pairwiseProducts(_ query: Tensor, _ keys: Tensor, scale: Float) throws(ShapeError) -> Tensor {
    guard query.shape.dimensions.dropLast(2) == keys.shape.dimensions.dropLast(2), !(query.isFinite && keys.isFinite)
    else {
        let products = try matmul(query, keys.transposed())
        return scale == 1 ? products : products * scale
    }
    let products = try matmul(query.detached(), keys.detached().transposed()) * scale
    return products.derived(from: query, keys) { upstream, gradients in
        let scaled = upstream * scale
        gradients.add(sums(scaled, keys), to: query)
        gradients.add(sums(scaled.transposed(), query), to: keys)
    }
}

/// Σ_j a_ij b_j over the j with a_ij ≠ 0, outside the graph; 0 wherever `mask`, if it is given, is 0.
/// - Complexity: O(QKD), without a kernel: for the rare tensors that hold NaN or infinities.
private func sums(_ a: Tensor, _ b: Tensor, where mask: Tensor? = nil) -> Tensor {
    let (rows, depth, columns) = (a.shape[-2], a.shape[-1], b.shape[-1])
    let rowCount = a.shape.dimensions.dropLast().reduce(1, *)
    return Tensor(shape: Shape(a.shape.dimensions.dropLast() + [columns])) { out in
        out.update(repeating: 0, count: rowCount * columns)
        a.withElements { a in
            b.withElements { b in
                for row in 0..<rowCount {
                    let (line, second) = (out + row * columns, b + row / rows * depth * columns)
                    for j in 0..<depth where a[row * depth + j] != 0 {
                        for column in 0..<columns { line[column] += a[row * depth + j] * second[j * columns + column] }
                    }
                }
            }
        }
        mask?.withElements { mask in
            for index in 0..<rowCount * columns where mask[index] == 0 { out[index] = 0 }
        }
    }
}

extension Tensor {
    /// Whether all elements are numbers, none of them infinite.
    package var isFinite: Bool {
        withElements { elements in
            var largest: UInt32 = 0  // of the magnitudes' bits, which are in the magnitudes' order
            for index in 0..<shape.elementCount { largest = max(largest, elements[index].magnitude.bitPattern) }
            return largest < Float.infinity.bitPattern
        }
    }
}

internal import AttentionTensors

/// |q_i − k_j|² from the differences themselves, without the [B, H, Q, K, D] tensor in either direction.
///
/// q [B, H, Q, D], k [B, H, K, D] → [B, H, Q, K]. Expanding the square would lose the digits of near neighbours.
/// dq_i = 2 Σ_j g_ij (q_i − k_j); dk_j = −2 Σ_i g_ij (q_i − k_j).
func squaredDistances(_ query: Tensor, _ keys: Tensor) throws(ShapeError) -> Tensor {
    guard query.shape.rank == 4, keys.shape.rank == 4, query.shape[-1] == keys.shape[-1],
        query.shape.dimensions.prefix(2) == keys.shape.dimensions.prefix(2)
    else {
        throw ShapeError(
            "squaredDistances", expected: "queries [B, H, Q, D] and keys [B, H, K, D]",
            found: "\(query.shape) and \(keys.shape)")
    }
    let (units, queries, count, size) = (query.shape[0] * query.shape[1], query.shape[2], keys.shape[2], query.shape[3])
    let (constantQuery, constantKeys) = (query.contiguous().detached(), keys.contiguous().detached())
    let grain = max(1, 4096 / max(queries * count * size, 1))
    let distances = Tensor(shape: [query.shape[0], query.shape[1], queries, count]) { out in
        constantQuery.withElements { q in
            constantKeys.withElements { k in
                Parallel.forEachChunk(of: units * queries, grain: grain) { rows in
                    for row in rows {
                        let (q, k) = (q + row * size, k + row / queries * count * size)
                        for j in 0..<count {
                            var sum: Float = 0
                            for axis in 0..<size {
                                let difference = q[axis] - k[j * size + axis]
                                sum += difference * difference
                            }
                            out[row * count + j] = sum
                        }
                    }
                }
            }
        }
    }
    return distances.derived(from: query, keys) { upstream, gradients in
        let (dQuery, dKeys) = (Tensor.zeros(query.shape), Tensor.zeros(keys.shape))
        let (dq, dk) = (dQuery.storage.elements, dKeys.storage.elements)
        constantQuery.withElements { q in
            constantKeys.withElements { k in
                upstream.withElements { upstream in
                    Parallel.forEachChunk(of: units, grain: grain) { range in
                        for row in range.lowerBound * queries..<range.upperBound * queries {
                            let first = row / queries * count
                            // A pair without gradient may hold anything, infinite distances included.
                            for j in 0..<count where upstream[row * count + j] != 0 {
                                let factor = 2 * upstream[row * count + j]
                                for axis in 0..<size {
                                    let (own, other) = (row * size + axis, (first + j) * size + axis)
                                    let term = factor * (q[own] - k[other])
                                    dq[own] += term
                                    dk[other] -= term
                                }
                            }
                        }
                    }
                }
            }
        }
        gradients.add(dQuery, to: query)
        gradients.add(dKeys, to: keys)
    }
}

internal import AttentionTensors
internal import CAttentionKernels

/// s_ij = Σ_a v_a tanh(q_ia + k_ja), the second of the two comparisons, without the [B, H, Q, K, A] tensor in either direction.
///
/// q [B, H, Q, A], k [B, H, K, A], v [A] → [B, H, Q, K]. The derivative recomputes the tanh.
func additiveScores(_ query: Tensor, _ keys: Tensor, vector: Tensor) throws(ShapeError) -> Tensor {
    guard query.shape.rank == 4, keys.shape.rank == 4, query.shape[-1] == keys.shape[-1],
        query.shape.dimensions.prefix(2) == keys.shape.dimensions.prefix(2), vector.shape == [query.shape[-1]]
    else {
        throw ShapeError(
            "additive", expected: "queries [B, H, Q, A], keys [B, H, K, A] and a vector [A]",
            found: "\(query.shape), \(keys.shape) and \(vector.shape)")
    }
    let (units, queries, count, size) = (query.shape[0] * query.shape[1], query.shape[2], keys.shape[2], query.shape[3])
    let (constantQuery, constantKeys) = (query.contiguous().detached(), keys.contiguous().detached())
    let constantVector = vector.contiguous().detached()
    let grain = max(1, 4096 / max(queries * count * size, 1))
    let scores = Tensor(shape: [query.shape[0], query.shape[1], queries, count]) { out in
        constantQuery.withElements { q in
            constantKeys.withElements { k in
                constantVector.withElements { v in
                    Parallel.forEachChunk(of: units, grain: grain) { range in
                        for unit in range {
                            kernels.additive_scores(
                                out + unit * queries * count, q + unit * queries * size, k + unit * count * size, v,
                                queries, count, size)
                        }
                    }
                }
            }
        }
    }
    return scores.derived(from: query, keys, vector) { upstream, gradients in
        let (dQuery, dVectors) = (Tensor.zeros(query.shape), Tensor.zeros([units, size]))
        let dKeys = Tensor(shape: keys.shape) { _ in }  // the kernel writes all of it
        constantQuery.withElements { q in
            constantKeys.withElements { k in
                constantVector.withElements { v in
                    upstream.withElements { upstream in
                        Parallel.forEachChunk(of: units, grain: grain) { range in
                            for unit in range {
                                kernels.additive_scores_backward(
                                    dQuery.storage.elements + unit * queries * size,
                                    dKeys.storage.elements + unit * count * size,
                                    dVectors.storage.elements + unit * size, q + unit * queries * size,
                                    k + unit * count * size, v, upstream + unit * queries * count, queries, count, size)
                            }
                        }
                    }
                }
            }
        }
        gradients.add(dQuery, to: query)
        gradients.add(dKeys, to: keys)
        gradients.add(dVectors.summed(to: [1, size]).viewed(as: [size]), to: vector)
    }
}

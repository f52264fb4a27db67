internal import AttentionTensors
internal import Glibc

/// out_td = Σ_j a_tjd v_jd with a_tjd = exp(k_jd + w_tj) / Σ_j exp(k_jd + w_tj), without the [B, L, L, D] weights in either direction.
///
/// k, v [B, L, D], w [L, L] → [B, L, D], over the keys within the lengths and, if causal, j ≤ t; 0 where there is none.
/// dv_jd = Σ_t a_tjd g_td;  dk_jd = Σ_t s_tjd;  dw_tj = Σ_bd s_tjd;  s_tjd = a_tjd g_td (v_jd − out_td).
func biasedAverage(_ keys: Tensor, _ values: Tensor, bias: Tensor, isCausal: Bool, lengths: [Int]?) -> Tensor {
    let average = BiasedAverage(
        keys: keys.contiguous().detached(), values: values.contiguous().detached(), bias: bias.contiguous().detached(),
        isCausal: isCausal, lengths: lengths)
    return Tensor(shape: keys.shape, fill: average.run).derived(from: keys, values, bias) { upstream, gradients in
        let derivative = average.derivative(upstream: upstream)
        gradients.add(derivative.keys, to: keys)
        gradients.add(derivative.values, to: values)
        gradients.add(derivative.biases.summed(to: Shape([1] + bias.shape.dimensions)).viewed(as: bias.shape), to: bias)
    }
}

private struct BiasedAverage: Sendable {
    let keys: Tensor
    let values: Tensor
    let bias: Tensor
    let isCausal: Bool
    let lengths: [Int]?

    private var length: Int { keys.shape[1] }
    private var size: Int { keys.shape[2] }

    func run(_ out: UnsafeMutablePointer<Float>) {
        withExtendedLifetime(self) {
            Parallel.forEachChunk(of: keys.shape[0] * length, grain: max(1, 4096 / (length * size + 1))) { rows in
                withDoubles((length + 1) * size) { weights in
                    let sums = weights + length * size
                    for row in rows {
                        average(item: row / length, row % length, weights: weights, sums: sums)
                        for d in 0..<size { out[row * size + d] = Float(sums[d]) }
                    }
                }
            }
        }
    }

    private func visibleCount(item: Int, _ t: Int) -> Int {
        let count = lengths?[item] ?? length
        return isCausal ? min(count, t + 1) : count
    }

    /// a_tjd of one position, and Σ_j a_tjd v_jd.
    private func average(
        item: Int, _ t: Int, weights: UnsafeMutablePointer<Double>, sums: UnsafeMutablePointer<Double>
    ) {
        let (k, v) = (keys.firstElement + item * length * size, values.firstElement + item * length * size)
        let w = bias.firstElement + t * length
        let count = visibleCount(item: item, t)
        for d in 0..<size {
            var (top, total) = (-Double.infinity, 0.0)
            for j in 0..<count {
                weights[j * size + d] = Double(k[j * size + d]) + Double(w[j])
                top = max(top, weights[j * size + d])
            }
            for j in 0..<count {
                weights[j * size + d] = top == -.infinity ? 0 : exp(weights[j * size + d] - top)
                total += weights[j * size + d]
            }
            sums[d] = 0
            for j in 0..<count where total > 0 {
                weights[j * size + d] /= total
                sums[d] += weights[j * size + d] * Double(v[j * size + d])
            }
        }
    }

    func derivative(upstream: Tensor) -> (keys: Tensor, values: Tensor, biases: Tensor) {
        let batch = keys.shape[0]
        let result = (Tensor.zeros(keys.shape), Tensor.zeros(values.shape), Tensor.zeros([batch, length, length]))
        upstream.withElements { upstream in
            Parallel.forEachChunk(of: batch, grain: 1) { items in
                withDoubles((3 * length + 1) * size) { scratch in
                    let area = length * size
                    let (dKeys, dValues, weights, sums) = (
                        scratch, scratch + area, scratch + 2 * area, scratch + 3 * area
                    )
                    for item in items {
                        for index in 0..<2 * area { scratch[index] = 0 }
                        for t in 0..<length {
                            average(item: item, t, weights: weights, sums: sums)
                            reverse(
                                item: item, t, upstream: upstream + item * area + t * size, weights: weights,
                                sums: sums, dKeys: dKeys, dValues: dValues,
                                dBias: result.2.firstMutableElement + (item * length + t) * length)
                        }
                        for index in 0..<area {
                            result.0.firstMutableElement[item * area + index] = Float(dKeys[index])
                            result.1.firstMutableElement[item * area + index] = Float(dValues[index])
                        }
                    }
                }
            }
        }
        return result
    }

    private func reverse(
        item: Int, _ t: Int, upstream: UnsafePointer<Float>, weights: UnsafePointer<Double>,
        sums: UnsafePointer<Double>, dKeys: UnsafeMutablePointer<Double>, dValues: UnsafeMutablePointer<Double>,
        dBias: UnsafeMutablePointer<Float>
    ) {
        let v = values.firstElement + item * length * size
        for j in 0..<visibleCount(item: item, t) {
            var total = 0.0
            for d in 0..<size {
                let cell = j * size + d
                let share = weights[cell] * Double(upstream[d])
                let slope = share * (Double(v[cell]) - sums[d])
                dValues[cell] += share
                dKeys[cell] += slope
                total += slope
            }
            dBias[j] = Float(total)
        }
    }
}

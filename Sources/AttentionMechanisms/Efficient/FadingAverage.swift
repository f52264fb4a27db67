internal import AttentionTensors
internal import Glibc

/// out_t = Σ_{i≤t} e^(s_ti) v_i / Σ_{i≤t} e^(s_ti) for every channel, s_ti = k_i − (t−1−i) w for i < t and s_tt = k_t + u.
///
/// k, v [B, L, D], w = e^decay and u [D] → [B, L, D]; w = 0 and u = 0 where they are nil. Keys behind the lengths do not count.
/// - Complexity: O(L D) in both directions.
func fadingAverage(_ keys: Tensor, _ values: Tensor, decay: Tensor?, bonus: Tensor?, lengths: [Int]?) -> Tensor {
    let average = FadingAverage(
        keys: keys.contiguous().detached(), values: values.contiguous().detached(),
        decay: decay?.contiguous().detached(), bonus: bonus?.contiguous().detached(), lengths: lengths)
    let inputs = [keys, values] + [decay, bonus].compactMap { $0 }
    return Tensor(shape: keys.shape, fill: average.run).derived(from: inputs) { upstream, gradients in
        let derivative = average.derivative(upstream: upstream)
        gradients.add(derivative.keys, to: keys)
        gradients.add(derivative.values, to: values)
        if let decay { gradients.add(derivative.decay, to: decay) }
        if let bonus { gradients.add(derivative.bonus, to: bonus) }
    }
}

private struct FadingAverage: Sendable {
    let keys: Tensor
    let values: Tensor
    let decay: Tensor?
    let bonus: Tensor?
    let lengths: [Int]?

    private var length: Int { keys.shape[1] }
    private var size: Int { keys.shape[2] }
    private var grain: Int { max(1, 4096 / (keys.shape[0] * length + 1)) }

    func run(_ out: UnsafeMutablePointer<Float>) {
        withExtendedLifetime(self) {
            Parallel.forEachChunk(of: size, grain: grain) { channels in
                for channel in channels {
                    for item in 0..<keys.shape[0] {
                        let line = Channel(self, item: item, channel)
                        var past = FadingPast()
                        for t in 0..<length {
                            out[line.index(t)] = Float(past.read(line, t).mean)
                            past.take(line, t)
                        }
                    }
                }
            }
        }
    }

    /// One channel of one item.
    struct Channel {
        let keys: UnsafePointer<Float>
        let values: UnsafePointer<Float>
        let start: Int
        let step: Int
        /// How many keys count.
        let count: Int
        /// w and u.
        let fading: Double
        let bonus: Double

        init(_ average: FadingAverage, item: Int, _ channel: Int) {
            (keys, values) = (average.keys.firstElement, average.values.firstElement)
            start = item * average.length * average.size + channel
            step = average.size
            count = average.lengths?[item] ?? average.length
            fading = average.decay.map { exp(Double($0.firstElement[channel])) } ?? 0
            bonus = average.bonus.map { Double($0.firstElement[channel]) } ?? 0
        }

        func index(_ t: Int) -> Int { start + t * step }
        func key(_ t: Int) -> Double { Double(keys[index(t)]) }
        func value(_ t: Int) -> Double { Double(values[index(t)]) }
    }

    func derivative(upstream: Tensor) -> (keys: Tensor, values: Tensor, decay: Tensor, bonus: Tensor) {
        let result = (
            Tensor.zeros(keys.shape), Tensor.zeros(keys.shape), Tensor.zeros([size]), Tensor.zeros([size])
        )
        let (dKeys, dValues) = (result.0.firstMutableElement, result.1.firstMutableElement)
        upstream.withElements { upstream in
            Parallel.forEachChunk(of: size, grain: grain) { channels in
                var means = [FadingPast.Mean](repeating: FadingPast.Mean(), count: length)
                for channel in channels {
                    var (dFading, dBonus, fading) = (0.0, 0.0, 0.0)
                    for item in 0..<keys.shape[0] {
                        let line = Channel(self, item: item, channel)
                        fading = line.fading
                        var past = FadingPast()
                        for t in 0..<length {
                            means[t] = past.read(line, t)
                            let g = Double(upstream[line.index(t)])
                            dFading -= g * past.meanAgeSlope(means[t])
                            if t < line.count { dBonus += g * means[t].presentShare * (line.value(t) - means[t].mean) }
                            past.take(line, t)
                        }
                        var future = FadingFuture()
                        for i in (0..<length).reversed() {
                            let g = Double(upstream[line.index(i)])
                            if i < line.count {
                                let slopes = future.slopes(line, i, means[i], upstream: g)
                                dKeys[line.index(i)] = Float(slopes.key)
                                dValues[line.index(i)] = Float(slopes.value)
                            }
                            future.take(means[i], upstream: g, fading: line.fading)
                        }
                    }
                    result.2.firstMutableElement[channel] = Float(dFading * fading)
                    result.3.firstMutableElement[channel] = Float(dBonus)
                }
            }
        }
        return result
    }
}

/// Σ_{i<t} e^(k_i − (t−1−i) w) (v_i, 1, and both times the age t−1−i), over e^maximum.
private struct FadingPast {
    private var maximum = -Double.infinity
    private var (sum, count, agedSum, agedCount) = (0.0, 0.0, 0.0, 0.0)

    /// What position t reads.
    struct Mean {
        var mean = 0.0
        /// ln of the denominator.
        var logCount = -Double.infinity
        /// The weight of position t itself.
        var presentShare = 0.0
        /// e^maximum over the denominator: what the past's sums are to be multiplied by.
        var pastShare = 0.0
    }

    func read(_ line: FadingAverage.Channel, _ t: Int) -> Mean {
        let present = t < line.count ? line.key(t) + line.bonus : -.infinity
        let top = max(maximum, present)
        guard top > -.infinity else { return Mean() }
        let (pastFactor, presentFactor) = (exp(maximum - top), exp(present - top))
        let total = pastFactor * count + presentFactor
        let numerator = pastFactor * sum + (t < line.count ? presentFactor * line.value(t) : 0)
        return Mean(
            mean: numerator / total, logCount: top + log(total), presentShare: presentFactor / total,
            pastShare: pastFactor / total)
    }

    /// Σ_{i<t} (t−1−i) a_ti (v_i − out_t).
    func meanAgeSlope(_ mean: Mean) -> Double { mean.pastShare * (agedSum - mean.mean * agedCount) }

    /// Goes on from t to t + 1.
    mutating func take(_ line: FadingAverage.Channel, _ t: Int) {
        (agedSum, agedCount) = (agedSum + sum, agedCount + count)
        maximum -= line.fading
        guard t < line.count, line.key(t) > -.infinity else { return }
        let top = max(maximum, line.key(t))
        let (old, new) = (exp(maximum - top), exp(line.key(t) - top))
        (sum, count) = (old * sum + new * line.value(t), old * count + new)
        (agedSum, agedCount) = (old * agedSum, old * agedCount)
        maximum = top
    }
}

/// Σ_{t>i} e^(−(t−1−i) w) g_t (1, out_t) / denominator_t, over e^maximum.
private struct FadingFuture {
    private var maximum = -Double.infinity
    private var (sum, readSum) = (0.0, 0.0)

    /// dv_i = Σ_{t≥i} a_ti g_t and dk_i = Σ_{t≥i} a_ti g_t (v_i − out_t).
    func slopes(
        _ line: FadingAverage.Channel, _ i: Int, _ mean: FadingPast.Mean, upstream g: Double
    ) -> (key: Double, value: Double) {
        let factor = exp(line.key(i) + maximum)
        let value = factor * sum + mean.presentShare * g
        return (line.value(i) * value - factor * readSum - mean.presentShare * g * mean.mean, value)
    }

    /// Goes on from i to i − 1.
    mutating func take(_ mean: FadingPast.Mean, upstream g: Double, fading: Double) {
        maximum -= fading
        guard mean.logCount > -.infinity else { return }
        let top = max(maximum, -mean.logCount)
        let (old, new) = (exp(maximum - top), exp(-mean.logCount - top))
        (sum, readSum) = (old * sum + new * g, old * readSum + new * g * mean.mean)
        maximum = top
    }
}

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

struct FadingAverage: Sendable {
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

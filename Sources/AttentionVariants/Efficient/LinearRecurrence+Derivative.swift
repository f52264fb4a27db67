internal import AttentionTensors

/// The gradients of a linear recurrence's inputs, each of its input's shape.
struct RecurrenceDerivative {
    let query: Tensor
    let keys: Tensor
    let values: Tensor
    let gate: Tensor?
    let beta: Tensor?
    let state: Tensor
}

extension RecurrenceInputs {
    /// The gradients, given those of the outputs and, from `stateStart` on, of the last states.
    ///
    /// The steps are walked backwards in blocks of √T; the states within a block are computed anew from the one before it.
    func derivative(upstream: Tensor, stateStart: Int) -> RecurrenceDerivative {
        let result = RecurrenceDerivative(
            query: .zeros(query.shape), keys: .zeros(keys.shape), values: .zeros(values.shape),
            gate: gate.map { .zeros($0.shape) }, beta: beta.map { .zeros($0.shape) }, state: .zeros(stateShape))
        let block = max(1, Int(Double(length).squareRoot().rounded(.up)))
        let blockCount = (length + block - 1) / block
        upstream.withElements { upstream in
            Parallel.forEachChunk(of: unitCount, grain: grain) { range in
                withDoubles((blockCount + block + 3) * stateSize + 3 * valueSize) { scratch in
                    for index in range {
                        RecurrenceReversal(
                            unit: RecurrenceUnit(index, of: self), block: block, marks: scratch,
                            states: scratch + blockCount * stateSize,
                            slope: scratch + (blockCount + block + 1) * stateSize,
                            decayed: scratch + (blockCount + block + 2) * stateSize,
                            change: scratch + (blockCount + block + 3) * stateSize,
                            upstream: upstream + index * group * length * valueSize,
                            lastUpstream: upstream + stateStart + index * stateSize, result: result
                        ).run()
                    }
                }
            }
        }
        return result
    }
}

/// One unit walked backwards.
private struct RecurrenceReversal {
    let unit: RecurrenceUnit
    let block: Int
    /// The state before every block.
    let marks: UnsafeMutablePointer<Double>
    /// The states before each step of a block, and after its last.
    let states: UnsafeMutablePointer<Double>
    /// dS, the gradient of the state after the step at hand.
    let slope: UnsafeMutablePointer<Double>
    /// The state after the decay, before the change.
    let decayed: UnsafeMutablePointer<Double>
    /// x, and room for two more vectors of that size.
    let change: UnsafeMutablePointer<Double>
    let upstream: UnsafePointer<Float>
    let lastUpstream: UnsafePointer<Float>
    let result: RecurrenceDerivative

    func run() {
        let (size, length) = (unit.sizes.stateSize, unit.sizes.length)
        unit.start(states)
        for t in 0..<length {
            if t % block == 0 { (marks + t / block * size).update(from: states, count: size) }
            unit.step(t, states, change: change)
        }
        for cell in 0..<size { slope[cell] = Double(lastUpstream[cell]) }
        for first in stride(from: 0, to: length, by: block).reversed() {
            let count = min(block, length - first)
            states.update(from: marks + first / block * size, count: size)
            for step in 0..<count {
                let next = states + (step + 1) * size
                next.update(from: states + step * size, count: size)
                unit.step(first + step, next, change: change)
            }
            for step in (0..<count).reversed() { reverse(first + step, before: states + step * size) }
        }
        let dState = result.state.firstMutableElement + unit.index * size
        for cell in 0..<size { dState[cell] = Float(slope[cell]) }
    }

    /// The gradients of step `t`; `slope` becomes that of the state before it.
    private func reverse(_ t: Int, before: UnsafeMutablePointer<Double>) {
        let size = unit.sizes.stateSize
        for head in 0..<unit.sizes.group { reverseReading(head, t, after: before + size) }
        decayed.update(from: before, count: size)
        unit.prepare(t, decayed, change: change)
        reverseChange(t)
        reverseGate(t, before: before)
    }

    /// o = scale Sᵀ q: dq = scale S do, dS += scale q doᵀ.
    private func reverseReading(_ head: Int, _ t: Int, after: UnsafePointer<Double>) {
        let (keySize, valueSize, scale) = (unit.sizes.keySize, unit.sizes.valueSize, unit.sizes.scale)
        let query = unit.query(head, t)
        let upstream = upstream + (head * unit.sizes.length + t) * valueSize
        let row = (unit.index * unit.sizes.group + head) * unit.sizes.length + t
        let dQuery = result.query.firstMutableElement + row * keySize
        for d in 0..<keySize {
            var sum = 0.0
            let q = scale * Double(query[d])
            for e in 0..<valueSize {
                sum += after[d * valueSize + e] * Double(upstream[e])
                slope[d * valueSize + e] += q * Double(upstream[e])
            }
            dQuery[d] = Float(scale * sum)
        }
    }

    /// S = S̄ + k xᵀ, x = β (v − S̄ᵀ k): dx = dSᵀ k, dk = dS x − S̄ (β dx), dv = β dx, dβ = ⟨dx, v − S̄ᵀ k⟩, dS̄ = dS − k (β dx)ᵀ.
    private func reverseChange(_ t: Int) {
        let (keySize, valueSize) = (unit.sizes.keySize, unit.sizes.valueSize)
        let step = unit.index * unit.sizes.length + t
        let key = unit.keys + t * keySize
        let dKey = result.keys.firstMutableElement + step * keySize
        let (dChange, error) = (change + valueSize, change + 2 * valueSize)
        for e in 0..<valueSize {
            dChange[e] = 0
            error[e] = Double(unit.values[t * valueSize + e])
        }
        for d in 0..<keySize {
            let k = Double(key[d])
            for e in 0..<valueSize {
                dChange[e] += slope[d * valueSize + e] * k
                error[e] -= decayed[d * valueSize + e] * k
            }
        }
        if let beta = unit.beta {
            result.beta?.firstMutableElement[step] = Float((0..<valueSize).reduce(0) { $0 + dChange[$1] * error[$1] })
            for e in 0..<valueSize { dChange[e] *= Double(beta[t]) }
        }
        for e in 0..<valueSize { result.values.firstMutableElement[step * valueSize + e] = Float(dChange[e]) }
        for d in 0..<keySize {
            let k = Double(key[d])
            var sum = 0.0
            for e in 0..<valueSize {
                let cell = d * valueSize + e
                sum += slope[cell] * change[e]
                guard unit.beta != nil else { continue }
                sum -= decayed[cell] * dChange[e]
                slope[cell] -= k * dChange[e]
            }
            dKey[d] = Float(sum)
        }
    }

    /// S̄ = f S: df_d = Σ_e dS̄_de S_de, times f for a logarithm; dS = f dS̄.
    private func reverseGate(_ t: Int, before: UnsafePointer<Double>) {
        guard let gate = result.gate else { return }
        let (keySize, valueSize, gateSize) = (unit.sizes.keySize, unit.sizes.valueSize, unit.gateSize)
        let dGate = gate.firstMutableElement + (unit.index * unit.sizes.length + t) * gateSize
        var whole = 0.0
        for d in 0..<keySize {
            let factor = unit.factor(t, d)
            var sum = 0.0
            for e in 0..<valueSize {
                sum += slope[d * valueSize + e] * before[d * valueSize + e]
                slope[d * valueSize + e] *= factor
            }
            if unit.sizes.gateIsLogarithm { sum *= factor }
            whole += sum
            if gateSize != 1 { dGate[d] = Float(sum) }
        }
        if gateSize == 1 { dGate[0] = Float(whole) }
    }
}

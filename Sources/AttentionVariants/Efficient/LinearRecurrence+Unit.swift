internal import AttentionTensors
internal import Glibc

/// The steps of one state: one key head of one item, and the query heads that share it.
///
/// The pointers are into the tensors of a `RecurrenceInputs` that outlives the unit.
struct RecurrenceUnit {
    let index: Int
    let sizes: RecurrenceInputs
    let query: UnsafePointer<Float>
    let keys: UnsafePointer<Float>
    let values: UnsafePointer<Float>
    let gate: UnsafePointer<Float>?
    let gateSize: Int
    let beta: UnsafePointer<Float>?
    let initial: UnsafePointer<Float>?

    init(_ index: Int, of inputs: RecurrenceInputs) {
        self.index = index
        sizes = inputs
        let steps = index * inputs.length
        query = inputs.query.firstElement + steps * inputs.group * inputs.keySize
        keys = inputs.keys.firstElement + steps * inputs.keySize
        values = inputs.values.firstElement + steps * inputs.valueSize
        let gateSize = inputs.gate?.shape[3] ?? 1
        gate = inputs.gate.map { $0.firstElement + steps * gateSize }
        self.gateSize = gateSize
        beta = inputs.beta.map { $0.firstElement + steps }
        initial = inputs.state.map { $0.firstElement + index * inputs.stateSize }
    }

    /// What row `d` of the state is multiplied by before step `t`.
    func factor(_ t: Int, _ d: Int) -> Double {
        guard let gate else { return 1 }
        let value = Double(gate[t * gateSize + (gateSize == 1 ? 0 : d)])
        return sizes.gateIsLogarithm ? exp(value) : value
    }

    /// The query of a head of the group at a step.
    func query(_ head: Int, _ t: Int) -> UnsafePointer<Float> { query + (head * sizes.length + t) * sizes.keySize }

    func start(_ state: UnsafeMutablePointer<Double>) {
        for cell in 0..<sizes.stateSize { state[cell] = initial.map { Double($0[cell]) } ?? 0 }
    }

    /// S ← f S in place, and the change x = β (v − Sᵀ k), or v.
    func prepare(_ t: Int, _ state: UnsafeMutablePointer<Double>, change: UnsafeMutablePointer<Double>) {
        let (keySize, valueSize) = (sizes.keySize, sizes.valueSize)
        if gate != nil {
            for d in 0..<keySize {
                let factor = factor(t, d)
                for e in 0..<valueSize { state[d * valueSize + e] *= factor }
            }
        }
        for e in 0..<valueSize { change[e] = Double(values[t * valueSize + e]) }
        guard let beta else { return }
        for d in 0..<keySize {
            let key = Double(keys[t * keySize + d])
            for e in 0..<valueSize { change[e] -= state[d * valueSize + e] * key }
        }
        for e in 0..<valueSize { change[e] *= Double(beta[t]) }
    }

    /// The whole step: `prepare`, then S ← S + k xᵀ.
    func step(_ t: Int, _ state: UnsafeMutablePointer<Double>, change: UnsafeMutablePointer<Double>) {
        prepare(t, state, change: change)
        for d in 0..<sizes.keySize {
            let key = Double(keys[t * sizes.keySize + d])
            for e in 0..<sizes.valueSize { state[d * sizes.valueSize + e] += key * change[e] }
        }
    }

    /// scale · Sᵀ q_t.
    func read(
        _ head: Int, _ t: Int, _ state: UnsafePointer<Double>, to out: UnsafeMutablePointer<Float>,
        sums: UnsafeMutablePointer<Double>
    ) {
        let (query, valueSize) = (query(head, t), sizes.valueSize)
        for e in 0..<valueSize { sums[e] = 0 }
        for d in 0..<sizes.keySize {
            let q = Double(query[d])
            for e in 0..<valueSize { sums[e] += q * state[d * valueSize + e] }
        }
        for e in 0..<valueSize { out[e] = Float(sizes.scale * sums[e]) }
    }
}

extension Tensor {
    /// The first element of a row-major tensor, which must outlive the pointer.
    var firstElement: UnsafePointer<Float> { UnsafePointer(firstMutableElement) }

    /// The same for a tensor that this operation made, and that nobody else has seen yet.
    var firstMutableElement: UnsafeMutablePointer<Float> { storage.elements + offset }
}

extension RecurrenceInputs {
    /// Runs all units: the outputs [B, H, T, Dv] and the last states [B, Hkv, D, Dv].
    func run(output: UnsafeMutablePointer<Float>, state last: UnsafeMutablePointer<Float>) {
        withExtendedLifetime(self) {
            Parallel.forEachChunk(of: unitCount, grain: grain) { range in
                withDoubles(stateSize + 2 * valueSize) { scratch in
                    let (change, sums) = (scratch + stateSize, scratch + stateSize + valueSize)
                    for index in range {
                        let unit = RecurrenceUnit(index, of: self)
                        unit.start(scratch)
                        for t in 0..<length {
                            unit.step(t, scratch, change: change)
                            for head in 0..<group {
                                let row = (index * group + head) * length + t
                                unit.read(head, t, scratch, to: output + row * valueSize, sums: sums)
                            }
                        }
                        for cell in 0..<stateSize { last[index * stateSize + cell] = Float(scratch[cell]) }
                    }
                }
            }
        }
    }
}

/// Scratch memory of doubles for the time of a call, uninitialised.
func withDoubles(_ count: Int, _ body: (UnsafeMutablePointer<Double>) -> Void) {
    let memory = UnsafeMutablePointer<Double>.allocate(capacity: max(1, count))
    defer { memory.deallocate() }
    body(memory)
}

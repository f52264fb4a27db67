import AttentionLayers
import AttentionMechanisms
import AttentionTensors
import AttentionTestSupport
import AttentionTesting
import AttentionVariants
import Testing

@Suite struct LinearRecurrenceTests {
    private static let names = ["linear", "gated", "delta", "gated delta", "gated by row", "gated delta by row"]

    private let query = randomTensor([2, 4, 5, 3], 1)
    private let keys = randomTensor([2, 2, 5, 3], 2)
    private let values = randomTensor([2, 2, 5, 4], 3)
    private let state = randomTensor([2, 2, 3, 4], 4)
    private let beta = randomTensor([2, 2, 5, 1], 5) * 0.4 + 0.5
    private func decay(_ size: Int) -> Tensor { randomTensor([2, 2, 5, size], 6) * 0.3 - 0.4 }

    private func rule(_ name: String, decay: Tensor, beta: Tensor) -> RecurrenceRule {
        switch name {
        case "linear": .linear
        case "delta": .delta(beta: beta)
        case "gated", "gated by row": .gated(decay: decay)
        default: .gatedDelta(decay: decay, beta: beta)
        }
    }
    private func decay(for name: String) -> Tensor { decay(name.hasSuffix("row") ? 3 : 1) }

    @Test(arguments: Self.names) func gradients(_ name: String) throws {
        let inputs = [query, keys, values, state, decay(for: name), beta]
        let used = name.contains("delta") ? (name.contains("gated") ? 6 : 4) : (name == "linear" ? 4 : 5)
        let taken = Array(inputs[..<used]) + (name == "delta" ? [beta] : [])
        try checkGradients(of: taken, samples: 60) { inputs in
            let result = try linearRecurrence(
                inputs[0], inputs[1], inputs[2],
                rule: rule(name, decay: inputs.count > 4 ? inputs[4] : beta, beta: inputs[inputs.count - 1]),
                state: inputs[3], scale: 0.6)
            return try concatenated(
                [result.output.reshaped(to: [-1]), result.state.reshaped(to: [-1])], axis: 0)
        }
    }

    /// Two pieces, the second with the state the first one left, are the whole.
    @Test(arguments: Self.names) func piecesAreTheWhole(_ name: String) throws {
        let decay = decay(for: name)
        let whole = try linearRecurrence(query, keys, values, rule: rule(name, decay: decay, beta: beta), state: state)
        var (left, outputs): (Tensor?, [Tensor]) = (state, [])
        for range in [0..<2, 2..<2, 2..<5] {
            func piece(_ tensor: Tensor) throws -> Tensor { try tensor.sliced(axis: 2, range) }
            let part = try linearRecurrence(
                piece(query), piece(keys), piece(values),
                rule: rule(name, decay: try piece(decay), beta: try piece(beta)), state: left)
            outputs.append(part.output)
            left = part.state
        }
        expectClose(try concatenated(outputs, axis: 2), whole.output, tolerance: 1e-6)
        expectClose(try #require(left), whole.state, tolerance: 1e-6)
    }

    /// The delta rule step by step, as its formula stands.
    @Test func followsItsFormula() throws {
        let decay = decay(3)
        let found = try linearRecurrence(
            query, keys, values, rule: .gatedDelta(decay: decay, beta: beta), state: state, scale: 0.5)
        for (item, head) in [(0, 0), (1, 3)] {
            var s = (0..<3).map { d in (0..<4).map { Double(state[item, head / 2, d, $0]) } }
            for t in 0..<5 {
                let k = (0..<3).map { Double(keys[item, head / 2, t, $0]) }
                for d in 0..<3 {
                    let factor = Double(Tensor(decay[item, head / 2, t, d]).exponential().scalar)
                    for e in 0..<4 { s[d][e] *= factor }
                }
                for e in 0..<4 {
                    let held = (0..<3).reduce(0) { $0 + s[$1][e] * k[$1] }
                    let change = Double(beta[item, head / 2, t, 0]) * (Double(values[item, head / 2, t, e]) - held)
                    for d in 0..<3 { s[d][e] += k[d] * change }
                    let read = (0..<3).reduce(0) { $0 + s[$1][e] * Double(query[item, head, t, $1]) }
                    #expect(abs(Double(found.output[item, head, t, e]) - 0.5 * read) < 1e-6)
                }
            }
        }
    }

    /// Without decay and normalisation, the recurrence is causal attention with inner products as weights.
    @Test func linearIsAProductOfTriangles() throws {
        let found = try linearRecurrence(query, keys, values, scale: 1).output
        let copies = try concatenated([0, 0, 1, 1].map { try keys.sliced(axis: 1, $0..<$0 + 1) }, axis: 1)
        let copied = try concatenated([0, 0, 1, 1].map { try values.sliced(axis: 1, $0..<$0 + 1) }, axis: 1)
        let triangle = try Tensor((0..<25).map { $0 % 5 <= $0 / 5 ? 1 : 0 }, shape: [5, 5])
        expectClose(found, try matmul(matmul(query, copies.transposed()) * triangle, copied), tolerance: 1e-6)
    }

    @Test func longSequencesKeepTheirGradient() throws {
        let length = 300
        let (query, keys) = (randomTensor([1, 1, length, 2], 7), randomTensor([1, 1, length, 2], 8))
        let values = randomTensor([1, 1, length, 2], 9)
        let decay = Tensor.full(-0.05, [1, 1, length, 1])
        try checkGradients(of: [query, keys, values, decay], samples: 12) { inputs in
            try linearRecurrence(inputs[0], inputs[1], inputs[2], rule: .gated(decay: inputs[3])).output
        }
    }

    @Test func sentences() throws {
        func sentence(_ body: () throws -> Recurrence) throws -> String {
            "\(try #require(throws: ShapeError.self) { _ = try body() })"
        }
        #expect(
            try sentence { try linearRecurrence(query, keys, .zeros([2, 2, 4, 4])) }
                == "linearRecurrence: expected queries [B, n · H, T, D], keys [B, H, T, D] and values [B, H, T, Dv], "
                + "found [2, 4, 5, 3], [2, 2, 5, 3] and [2, 2, 4, 4]")
        #expect(
            try sentence { try linearRecurrence(query, keys, values, rule: .gated(decay: .zeros([2, 2, 5, 2]))) }
                == "linearRecurrence: expected a decay [B, H, T, 1 or D] for keys [2, 2, 5, 3], found [2, 2, 5, 2]")
        #expect(
            try sentence { try linearRecurrence(query, keys, values, state: .zeros([2, 2, 4, 3])) }
                == "linearRecurrence: expected a state [2, 2, 3, 4] of [B, H, D, Dv], found [2, 2, 4, 3]")
    }
}

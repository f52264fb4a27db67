import CAttentionKernels
import Testing

@Suite struct AttentionTests {
    /// Full, causal, windowed, padded, shifted, and regions that leave some queries blind.
    static let regions: [(String, @Sendable (inout attn_attention) -> Void)] = [
        ("full", { _ in }),
        ("causal", { $0.right = 0 }),
        ("decoding", { ($0.offset, $0.right) = ($0.keys - $0.queries, 0) }),
        ("window", { ($0.left, $0.right) = (3, 2) }),
        ("left window", { ($0.left, $0.right, $0.offset) = (5, 0, 1) }),
        ("padded", { $0.visible_keys = $0.keys / 3 }),
        ("padded causal", { ($0.visible_keys, $0.right) = ($0.keys / 2, 0) }),
        ("nothing", { $0.visible_keys = 0 }),
        ("blind at first", { ($0.offset, $0.right) = (-4, 0) }),
        ("blind at last", { ($0.offset, $0.left, $0.right) = ($0.keys - 3, 0, 5) }),
        ("open right", { $0.left = 0 }),
        ("wide", { ($0.left, $0.right) = (Int.max - 1, Int.max) }),
    ]

    /// What comes between inner products and weights.
    static let edits: [(String, @Sendable (inout AttentionCase) -> Void)] = [
        ("plain", { _ in }),
        ("cap", { $0.a.cap = 0.7 }),
        ("bias", { $0.a.bias = UnsafePointer($0.bias.pointer) }),
        ("bias of keys", { ($0.a.bias, $0.a.bias_stride) = (UnsafePointer($0.bias.pointer), 0) }),
        ("distances", { $0.a.distance_bias = UnsafePointer($0.distanceBias.pointer) + $0.a.queries - 1 }),
        ("mask", { $0.hide() }),
        (
            "mask of keys",
            {
                $0.hide()
                $0.a.mask_stride = 0
            }
        ),
        (
            "everything",
            {
                $0.a.cap = 2
                $0.a.bias = UnsafePointer($0.bias.pointer)
                $0.a.distance_bias = UnsafePointer($0.distanceBias.pointer) + $0.a.queries - 1
                $0.hide()
            }
        ),
    ]

    static let sizes = [
        (1, 1, 1, 1), (1, 40, 16, 16), (3, 5, 7, 9), (16, 16, 32, 32), (17, 33, 33, 36), (65, 31, 20, 3),
        (31, 257, 8, 9),
        (130, 300, 6, 10), (0, 3, 4, 4), (2, 0, 3, 3), (12, 0, 4, 4), (12, 9, 0, 4), (12, 9, 4, 0),
    ]

    /// Every table's method of this precision against float64, which is what the scalar table computes in.
    private func expectMatch(_ one: AttentionCase, _ precision: TestPrecision, _ what: String) {
        let expected = AttentionResults(of: one, by: Table.scalar.attention(.exact))
        for table in Table.available where one.isAffordable(table) {
            let found = AttentionResults(of: one, by: table.attention(precision))
            let name = "\(table.name) \(precision) \(what)"
            expectNear(found.output, expected.output, precision, name)
            expectNear(found.logSum, expected.logSum, precision, name + " log-sum")
            expectNear(found.weights, expected.weights, precision, name + " weights")
            for (index, pair) in zip(found.gradients, expected.gradients).enumerated() {
                expectNear(pair.0, pair.1, precision, magnitude: 1, name + " gradient \(index)")
            }
        }
    }

    @Test(arguments: TestPrecision.allCases)
    func matchesScalar(precision: TestPrecision) {
        var generator = Generator(state: 1)
        for (index, (queries, keys, headSize, valueSize)) in Self.sizes.enumerated() {
            for (region, (name, restrict)) in Self.regions.enumerated() {
                var one = AttentionCase(
                    queries: queries, keys: keys, headSize: headSize, valueSize: valueSize, using: &generator)
                restrict(&one.a)
                one.a.dropout = (index + region) % 2 == 0 ? 0.3 : 0
                expectMatch(one, precision, "\(name) \(queries) × \(keys), head \(headSize)")
            }
        }
    }

    @Test(arguments: TestPrecision.allCases)
    func matchesScalarWithEdits(precision: TestPrecision) {
        var generator = Generator(state: 8)
        for (queries, keys, size) in [(3, 40, 8), (21, 33, 16), (70, 290, 4)] {
            for (index, (region, restrict)) in Self.regions.enumerated() where keys < 290 || index % 3 == 1 {
                for (edit, change) in Self.edits {
                    var one = AttentionCase(
                        queries: queries, keys: keys, headSize: size, valueSize: size + 3, using: &generator)
                    restrict(&one.a)
                    change(&one)
                    one.a.dropout = queries == 21 ? 0.3 : 0
                    expectMatch(one, precision, "\(edit), \(region), \(queries) × \(keys)")
                }
            }
        }
    }

    @Test(arguments: TestPrecision.allCases)
    func scalesOfAnySign(precision: TestPrecision) {
        var generator = Generator(state: 15)
        for (scale, cap) in [(Float(0), Float(0)), (-0.5, 0), (-0.5, 0.7)] {
            var one = AttentionCase(queries: 21, keys: 290, headSize: 16, valueSize: 16, using: &generator)
            (one.a.scale, one.a.cap, one.a.right) = (scale, cap, 20)
            expectMatch(one, precision, "scale \(scale)")
        }
    }

    /// Masks in blocks of every size, of which whole panels of keys and tiles of queries are skipped.
    @Test(arguments: TestPrecision.allCases)
    func blockMasks(precision: TestPrecision) {
        var generator = Generator(state: 11)
        for (rows, columns) in [(16, 16), (14, 40), (64, 96)] {
            var one = AttentionCase(queries: 80, keys: 290, headSize: 4, valueSize: 4, using: &generator)
            one.mask = (0..<80 * 290).map { UInt8(($0 % 290 / columns + $0 / 290 / rows) % 2) }
            one.hide()
            expectMatch(one, precision, "blocks of \(rows) × \(columns)")
        }
    }

    @Test(arguments: TestPrecision.allCases)
    func headSizes(precision: TestPrecision) {
        var generator = Generator(state: 9)
        for size in [16, 31, 32, 64, 80, 130, 256] {
            var one = AttentionCase(queries: 35, keys: 40, headSize: size, valueSize: size, using: &generator)
            one.a.scale = 1 / Float(size).squareRoot()
            one.a.right = 0
            expectMatch(one, precision, "head \(size)")
        }
    }

    /// The error's norm over that of the result, without allowance for what cancels.
    @Test(arguments: TestPrecision.allCases)
    func relativeError(precision: TestPrecision) {
        var generator = Generator(state: 15)
        for right in [Int.max, 0] {
            var one = AttentionCase(queries: 96, keys: 130, headSize: 64, valueSize: 64, using: &generator)
            (one.a.scale, one.a.right) = (0.5, right)
            let expected = AttentionResults(of: one, by: Table.scalar.attention(.exact))
            for table in Table.available {
                let found = AttentionResults(of: one, by: table.attention(precision))
                for (x, y) in zip([found.output] + found.gradients.prefix(3), [expected.output] + expected.gradients) {
                    let error = zip(x.values, y.values).reduce(0.0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) }
                    let norm = y.values.reduce(0.0) { $0 + ($1 == 5 ? 0 : Double($1) * Double($1)) }
                    #expect((error / norm).squareRoot() <= precision.tolerance, "\(table.name)")
                }
            }
        }
    }

    /// In bfloat16 the scores are exact sums of products of rounded numbers, so log-sums and weights are as near to the
    /// definition as in float32.
    @Test func bfloat16RoundsOperands() {
        var generator = Generator(state: 12)
        for (queries, keys) in [(3, 50), (40, 50)] {
            var one = AttentionCase(queries: queries, keys: keys, headSize: 40, valueSize: 8, using: &generator)
            one.a.right = 0
            let expected = AttentionResults(of: one, by: Table.scalar.attention(.bfloat16))
            for table in Table.available {
                let found = AttentionResults(of: one, by: table.attention(.bfloat16))
                expectNear(found.logSum, expected.logSum, .exact, table.name + " log-sum")
                expectNear(found.weights, expected.weights, .exact, table.name + " weights")
            }
            for values in [one.query, one.key, one.value] {
                for index in 0..<values.count { values.pointer[index] = values[index].roundedToBFloat16 }
            }
            let rounded = one.forward(Table.scalar.attention(.exact))
            #expect(rounded.logSum.values == expected.logSum.values)
            #expect(rounded.output.values == expected.output.values)
        }
    }

    @Test func gradientsAreAddedTo() {
        var generator = Generator(state: 13)
        let one = AttentionCase(queries: 40, keys: 50, headSize: 16, valueSize: 8, using: &generator)
        for method in Table.attentionMethods {
            let (added, gradients) = (one.backward(method, addedTo: 0.5), one.backward(method))
            for (x, y) in zip(added, gradients) {
                #expect(zip(x.values, y.values).allSatisfy { abs($0 - 0.5 - $1) < 2e-6 })
            }
        }
    }

    @Test func repeatsBitForBit() {
        var generator = Generator(state: 5)
        let one = AttentionCase(queries: 40, keys: 150, headSize: 24, valueSize: 24, using: &generator)
        for method in Table.attentionMethods {
            #expect(one.forward(method).output.values == one.forward(method).output.values)
            #expect(zip(one.backward(method), one.backward(method)).allSatisfy { $0.values == $1.values })
        }
    }

    @Test func scalarIsTheDefinition() {
        var generator = Generator(state: 6)
        for ((_, restrict), (_, change)) in Self.regions.flatMap({ region in Self.edits.map { (region, $0) } }) {
            for dropout in [Float(0), 0.3] {
                var one = AttentionCase(queries: 6, keys: 9, headSize: 4, valueSize: 5, using: &generator)
                restrict(&one.a)
                change(&one)
                one.a.dropout = dropout
                let found = one.forward(Table.scalar.attention(.exact))
                for i in 0..<6 {
                    let expected = one.context(i)
                    let blind = expected.logSum == -.infinity
                    for d in 0..<5 {
                        let output = Double(found.output[i * one.outputStride + d])
                        #expect(blind ? output == 0 : abs(output - expected.context[d]) < 1e-6)
                    }
                    #expect(found.output[i * one.outputStride + 5] == 5)
                    #expect(
                        blind ? found.logSum[i] == -.infinity : abs(Double(found.logSum[i]) - expected.logSum) < 1e-6)
                }
            }
        }
    }

    @Test func scalarBackwardIsTheSlope() {
        var generator = Generator(state: 7)
        for ((_, restrict), (_, change)) in Self.regions.flatMap({ region in Self.edits.map { (region, $0) } }) {
            var one = AttentionCase(queries: 4, keys: 6, headSize: 3, valueSize: 3, using: &generator)
            restrict(&one.a)
            change(&one)
            one.a.dropout = 0.25
            func objective() -> Double {
                (0..<4).reduce(0) { sum, i in
                    guard (0..<6).contains(where: { one.sees(i, $0) }) else { return sum }
                    return zip(0..<3, one.context(i).context).reduce(sum) {
                        $0 + Double(one.upstream[i * one.outputStride + $1.0]) * $1.1
                    }
                }
            }
            let parameters = [one.query, one.key, one.value, one.bias, one.distanceBias]
            for (parameter, gradient) in zip(parameters, one.backward(Table.scalar.attention(.exact), addedTo: 0.5)) {
                for index in 0..<parameter.count {
                    let kept = parameter[index]
                    parameter.pointer[index] = kept + 0x1p-10
                    let above = objective()
                    parameter.pointer[index] = kept - 0x1p-10
                    let below = objective()
                    parameter.pointer[index] = kept
                    #expect(abs((above - below) / 0x1p-9 - Double(gradient[index] - 0.5)) < 1e-5)
                }
            }
        }
    }
}

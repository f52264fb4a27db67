import CAttentionKernels
import Glibc
import Testing

/// One head in memory, rows apart by more than their size.
struct AttentionCase {
    var a: attn_attention
    let query: Floats, key: Floats, value: Floats, upstream: Floats
    let bias: Floats, distanceBias: Floats
    var mask: [UInt8]
    let outputStride: Int

    init(
        queries: Int, keys: Int, headSize: Int, valueSize: Int, range: Float = 1, using generator: inout Generator
    ) {
        let (queryStride, keyStride, valueStride) = (headSize + 3, headSize + 5, valueSize + 2)
        query = Floats(generator.floats(queries * queryStride, in: -range...range))
        key = Floats(generator.floats(keys * keyStride, in: -range...range))
        value = Floats(generator.floats(keys * valueStride))
        outputStride = valueSize + 4
        upstream = Floats(generator.floats(queries * outputStride))
        bias = Floats(generator.floats(queries * keys))
        distanceBias = Floats(generator.floats(queries + keys - 1))
        mask = (0..<queries * keys).map { _ in Int.random(in: 0..<3, using: &generator) == 0 ? 0 : 1 }
        a = attn_attention(
            queries: queries, keys: keys, head_size: headSize, value_size: valueSize, query: query.pointer,
            key: key.pointer, value: value.pointer, query_stride: queryStride, key_stride: keyStride,
            value_stride: valueStride, visible_keys: keys, offset: 0, left: .max, right: .max, mask: nil,
            mask_stride: keys, scale: 0.5, cap: 0, bias: nil, bias_stride: keys, distance_bias: nil, dropout: 0,
            dropout_seed: 42, dropout_base: (1 << 32) - 30, dropout_stride: keys)
    }

    /// Between the rows of the output stands 5.
    func forward(_ method: attn_attention_method) -> (output: Floats, logSum: Floats) {
        let output = Floats(repeating: 5, count: a.queries * outputStride)
        let logSum = Floats(count: a.queries)
        withUnits(method) { a, workspace in
            let packed = GuardedMemory(byteCount: method.packed_size(a))
            method.pack(packed.start, a)
            method.forward(output.pointer, outputStride, logSum.pointer, a, packed.start, workspace)
            #expect(packed.guardIsIntact)
        }
        return (output, logSum)
    }

    func weights(_ method: attn_attention_method, logSum: Floats) -> Floats {
        let result = Floats(count: a.queries * (a.keys + 1))
        withUnits(method) { method.weights(result.pointer, a.keys + 1, $0, logSum.pointer, $1) }
        return result
    }

    /// The gradients of query, key, value, bias and distance bias, each added to `start`.
    func backward(_ method: attn_attention_method, addedTo start: Float = 0) -> [Floats] {
        backward(method, after: forward(method), addedTo: start)
    }

    func backward(
        _ method: attn_attention_method, after forward: (output: Floats, logSum: Floats), addedTo start: Float = 0
    ) -> [Floats] {
        let (output, logSum) = forward
        let result = [query, key, value, bias, distanceBias].map { Floats(repeating: start, count: $0.count) }
        var gradients = attn_attention_gradients(
            query: result[0].pointer, key: result[1].pointer, value: result[2].pointer, query_stride: a.query_stride,
            key_stride: a.key_stride, value_stride: a.value_stride, bias: a.bias == nil ? nil : result[3].pointer,
            bias_stride: a.bias_stride,
            distance_bias: a.distance_bias == nil ? nil : result[4].pointer + a.queries - 1)
        withUnits(method) {
            method.backward(
                &gradients, $0, output.pointer, outputStride, logSum.pointer, upstream.pointer, outputStride, $1)
        }
        return result
    }

    private func withUnits(
        _ method: attn_attention_method, _ body: (UnsafePointer<attn_attention>, UnsafeMutableRawPointer) -> Void
    ) {
        mask.withUnsafeBufferPointer { bytes in
            var a = a
            if a.mask != nil { a.mask = bytes.baseAddress }
            let workspace = GuardedMemory(byteCount: method.workspace_size(&a))
            body(&a, workspace.start)
            #expect(workspace.guardIsIntact)
        }
    }

    /// Puts the mask in force; which memory it is in is said anew for each call.
    mutating func hide() { a.mask = mask.withUnsafeBufferPointer { $0.baseAddress } }

    func sees(_ i: Int, _ j: Int) -> Bool {
        guard j < a.visible_keys, a.mask == nil || mask[i * a.mask_stride + j] != 0 else { return false }
        let centre = i + a.offset
        return (a.left == .max || j >= centre - a.left) && (a.right == .max || j <= centre + a.right)
    }

    func keeps(_ i: Int, _ j: Int) -> Bool {
        let bits = attn_random_bits(a.dropout_seed, a.dropout_base + UInt64(i * a.dropout_stride + j))
        return Double(bits >> 8) >= (Double(a.dropout) * 0x1p24).rounded(.down)
    }

    func score(_ i: Int, _ j: Int) -> Double {
        let inner = (0..<a.head_size).reduce(0.0) {
            $0 + Double(query[i * a.query_stride + $1]) * Double(key[j * a.key_stride + $1])
        }
        let scaled = Double(a.scale) * inner
        return (a.cap == 0 ? scaled : Double(a.cap) * tanh(scaled / Double(a.cap)))
            + (a.bias == nil ? 0 : Double(bias[i * a.bias_stride + j]))
            + (a.distance_bias == nil ? 0 : Double(distanceBias[j - i + a.queries - 1]))
    }

    /// The definition, in double precision.
    func context(_ i: Int) -> (context: [Double], logSum: Double) {
        let scores = (0..<a.keys).map { score(i, $0) }
        let visible = (0..<a.keys).filter { sees(i, $0) }
        let sum = visible.reduce(0.0) { $0 + exp(scores[$1]) }
        let context = (0..<a.value_size).map { d in
            visible.reduce(0.0) {
                $0 + (keeps(i, $1) ? exp(scores[$1]) / sum / (1 - Double(a.dropout)) : 0)
                    * Double(value[$1 * a.value_stride + d])
            }
        }
        return (context, log(sum))
    }
}

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

    @Test(arguments: TestPrecision.allCases)
    func hugeScores(precision: TestPrecision) {
        var generator = Generator(state: 2)
        for range in [Float(30), 1e4] {
            let one = AttentionCase(queries: 20, keys: 300, headSize: 8, valueSize: 8, range: range, using: &generator)
            let expected = one.forward(Table.scalar.attention(precision))
            for table in Table.available {
                let found = one.forward(table.attention(precision))
                #expect(found.output.values.allSatisfy { $0.isFinite })
                expectClose(found.logSum, expected.logSum, tolerance: 1e-5, "\(table.name) range \(range)")
                if range == 30, precision == .exact {
                    expectClose(found.output, expected.output, tolerance: 2e-3, "\(table.name) huge scores")
                }
            }
        }
    }

    @Test func whatNobodySeesIsNotRead() {
        for method in Table.attentionMethods {
            var generator = Generator(state: 3)
            var one = AttentionCase(queries: 20, keys: 200, headSize: 16, valueSize: 16, using: &generator)
            one.a.visible_keys = 37
            let clean = one.forward(method)
            for j in 37..<200 {
                one.key.pointer[j * one.a.key_stride] = .nan
                one.value.pointer[j * one.a.value_stride] = .infinity
            }
            let found = one.forward(method)
            #expect(found.output.values == clean.output.values)
            #expect(one.backward(method).allSatisfy { $0.values.allSatisfy { $0.isFinite } })
        }
    }

    /// Neither by 0 · NaN in a product nor by ∞ − ∞: what a query does not see has no influence, wherever it lies.
    @Test(arguments: TestPrecision.allCases)
    func invisibleSpecialValuesHaveNoInfluence(precision: TestPrecision) {
        for table in Table.available {
            let method = table.attention(precision)
            var generator = Generator(state: 10)
            for (queries, keys) in [(3, 60), (40, 60), (70, 150)] {
                for masked in [false, true] {
                    var one = AttentionCase(
                        queries: queries, keys: keys, headSize: 20, valueSize: 12, using: &generator)
                    (one.a.left, one.a.right) = (20, 0)
                    if masked { one.hide() }
                    guard one.isAffordable(table) else { continue }
                    let clean = (one.forward(method), one.backward(method))
                    for (key, special) in [(2, Float.nan), (17, .infinity), (31, -.infinity)] {
                        one.value.pointer[key * one.a.value_stride + 1] = special
                        one.key.pointer[key * one.a.key_stride + 3] = .nan
                    }
                    let (output, gradients) = (one.forward(method).output, one.backward(method))
                    let tolerance = Float(precision.tolerance)
                    for i in 0..<queries {
                        let sees = [2, 17, 31].contains { one.sees(i, $0) }
                        for d in 0..<12 {
                            let (x, y) = (output[i * one.outputStride + d], clean.0.output[i * one.outputStride + d])
                            #expect(
                                sees ? d != 1 || x.isNaN : abs(x - y) <= tolerance, "\(table.name) query \(i)")
                        }
                        let x = gradients[0][i * one.a.query_stride]
                        #expect(sees ? x.isNaN : abs(x - clean.1[0][i * one.a.query_stride]) <= 2 * tolerance)
                    }
                }
            }
        }
    }

    @Test(arguments: TestPrecision.allCases)
    func specialValuesPropagate(precision: TestPrecision) {
        var generator = Generator(state: 4)
        let one = AttentionCase(queries: 9, keys: 150, headSize: 16, valueSize: 16, using: &generator)
        one.query.pointer[2 * one.a.query_stride] = .nan
        one.query.pointer[5 * one.a.query_stride + 1] = .infinity
        let expected = one.forward(Table.scalar.attention(precision))
        for table in Table.available {
            let found = one.forward(table.attention(precision))
            expectClose(found.output, expected.output, tolerance: 5e-6, table.name)
            expectClose(found.logSum, expected.logSum, tolerance: 5e-6, table.name)
            #expect(found.output[2 * one.outputStride].isNaN && !found.output[3 * one.outputStride].isNaN)
        }
    }

    /// Numbers whose split or rounding would overflow, though the result does not.
    @Test(arguments: TestPrecision.allCases)
    func largeNumbers(precision: TestPrecision) {
        var generator = Generator(state: 14)
        let one = AttentionCase(queries: 40, keys: 70, headSize: 16, valueSize: 16, using: &generator)
        for j in [3, 50] { one.value.pointer[j * one.a.value_stride] = 1e37 }
        one.query.pointer[20 * one.a.query_stride] = 1e25
        let expected = one.forward(Table.scalar.attention(precision))
        for table in Table.available {
            let found = one.forward(table.attention(precision))
            expectClose(found.output, expected.output, tolerance: 1e-5, table.name)
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

import CAttentionKernels
import Glibc
import Testing

@Suite struct RowTests {
    struct Softmax {
        let weights: Floats, logSums: Floats
    }

    func softmax(_ table: Table, _ x: Floats, rows: Int, columns: Int, stride: Int, visible: [UInt8]?) -> Softmax {
        let result = Softmax(weights: Floats(repeating: 7, count: rows * stride), logSums: Floats(count: rows))
        let run = { (visible: UnsafePointer<UInt8>?) in
            table.kernels.softmax_rows(
                result.weights.pointer, result.logSums.pointer, x.pointer, visible, rows, columns, stride, stride,
                columns)
        }
        if let visible { visible.withUnsafeBufferPointer { run($0.baseAddress) } } else { run(nil) }
        return result
    }

    @Test(arguments: Table.available)
    func softmaxMatchesScalar(table: Table) {
        var generator = Generator(state: 1)
        for columns in oddSizes {
            let (rows, stride) = (4, columns + 5)
            let x = Floats(generator.floats(rows * stride, in: -9...9))
            var visible = (0..<rows * columns).map { _ in UInt8(generator.next() % 3) }
            for column in 0..<columns { visible[2 * columns + column] = 0 }  // one row with nothing to see
            for mask in [nil, visible] {
                let found = softmax(table, x, rows: rows, columns: columns, stride: stride, visible: mask)
                let expected = softmax(.scalar, x, rows: rows, columns: columns, stride: stride, visible: mask)
                expectClose(found.weights, expected.weights, "\(table.name) softmax of \(columns)")
                expectClose(found.logSums, expected.logSums, "\(table.name) log-sum of \(columns)")
                if mask != nil {
                    #expect((0..<columns).allSatisfy { found.weights[2 * stride + $0] == 0 })
                    #expect(found.logSums[2] == -.infinity)
                }
            }
        }
    }

    @Test(arguments: Table.available)
    func softmaxOfExtremes(table: Table) {
        let rows: [[Float]] = [
            [1e30, 1e30, -1e30, 0], [-1e38, -1e38, -1e38, -1e38], [-.infinity, 0, -.infinity, -.infinity],
            [-.infinity, -.infinity, -.infinity, -.infinity], [.nan, 0, 1, 2], [.infinity, 0, 1, 2],
            [-.infinity, .nan, -.infinity, -.infinity],
        ]
        let x = Floats(rows.flatMap { $0 })
        let found = softmax(table, x, rows: rows.count, columns: 4, stride: 4, visible: nil)
        let quarter = [Float](repeating: 0.25, count: 4)
        #expect(Array(found.weights.values[0..<4]) == [0.5, 0.5, 0, 0])
        #expect(Array(found.weights.values[4..<8]) == quarter)
        #expect(Array(found.weights.values[8..<12]) == [0, 1, 0, 0])
        #expect(Array(found.weights.values[12..<16]) == [0, 0, 0, 0])
        #expect(found.logSums[3] == -.infinity)
        for row in 4..<7 { #expect(found.weights.values[row * 4..<row * 4 + 4].allSatisfy { $0.isNaN }) }
    }

    @Test(arguments: Table.available)
    func softmaxInPlaceAndBackward(table: Table) {
        var generator = Generator(state: 2)
        for columns in oddSizes {
            let x = generator.floats(3 * columns, in: -3...3)
            let y = Floats(x)
            table.kernels.softmax_rows(y.pointer, nil, y.pointer, nil, 3, columns, columns, columns, 0)
            let expectedY = Floats(x)
            Table.scalar.kernels.softmax_rows(
                expectedY.pointer, nil, expectedY.pointer, nil, 3, columns, columns, columns, 0)
            expectClose(y, expectedY, "\(table.name) in place")
            let upstream = generator.floats(3 * columns)
            let (out, expected) = (Floats(upstream), Floats(count: 3 * columns))
            table.kernels.softmax_rows_backward(out.pointer, y.pointer, out.pointer, 3, columns)
            let upstreamFloats = Floats(upstream)
            Table.scalar.kernels.softmax_rows_backward(
                expected.pointer, y.pointer, upstreamFloats.pointer, 3, columns)
            expectClose(out, expected, "\(table.name) backward")
        }
    }

    @Test func scalarSoftmaxIsTheFormula() {
        let x = Floats([0.5, -1, 2])
        let found = softmax(.scalar, x, rows: 1, columns: 3, stride: 3, visible: [1, 0, 9])
        let sum = exp(0.5) + exp(2.0)
        #expect(abs(Double(found.weights[0]) - exp(0.5) / sum) < 1e-7)
        #expect(found.weights[1] == 0)
        #expect(abs(Double(found.logSums[0]) - log(sum)) < 1e-6)
        let (y, upstream, dx) = (Floats([0.2, 0.3, 0.5]), Floats([1, -2, 3]), Floats(count: 3))
        Table.scalar.kernels.softmax_rows_backward(dx.pointer, y.pointer, upstream.pointer, 1, 3)
        expectClose(dx, Floats([0.2 * (1 - 1.1), 0.3 * (-2 - 1.1), 0.5 * (3 - 1.1)]), "backward")
    }
}

@Suite struct LayerNormTests {
    struct Case {
        let rows: Int, size: Int
        let x: Floats, gain: Floats, bias: Floats, upstream: Floats

        init(rows: Int, size: Int, using generator: inout Generator) {
            (self.rows, self.size) = (rows, size)
            x = Floats(generator.floats(rows * size, in: 1...4))
            gain = Floats(generator.floats(size))
            bias = Floats(generator.floats(size))
            upstream = Floats(generator.floats(rows * size))
        }

        func forward(_ table: Table) -> (out: Floats, mean: Floats, inverse: Floats) {
            let result = (Floats(count: rows * size), Floats(count: rows), Floats(count: rows))
            table.kernels.layer_norm(
                result.0.pointer, result.1.pointer, result.2.pointer, x.pointer, gain.pointer, bias.pointer, 1e-5, rows,
                size)
            return result
        }

        func backward(_ table: Table) -> (dx: Floats, dgain: Floats, dbias: Floats) {
            let kept = forward(.scalar)
            let result = (
                Floats(count: rows * size), Floats(repeating: 1, count: size), Floats(repeating: 2, count: size)
            )
            table.kernels.layer_norm_backward(
                result.0.pointer, result.1.pointer, result.2.pointer, x.pointer, kept.mean.pointer,
                kept.inverse.pointer, gain.pointer, upstream.pointer, rows, size)
            return result
        }
    }

    @Test(arguments: Table.available)
    func matchesScalar(table: Table) {
        var generator = Generator(state: 1)
        for size in oddSizes where size > 0 {
            let one = Case(rows: 3, size: size, using: &generator)
            let (found, expected) = (one.forward(table), one.forward(.scalar))
            // Where a row hardly varies, its deviation amplifies the rounding of the mean.
            let tolerance: Float = size <= 2 ? 1e-4 : 1e-5
            expectClose(found.out, expected.out, tolerance: tolerance, "\(table.name) of \(size)")
            expectClose(found.mean, expected.mean, "\(table.name) mean of \(size)")
            expectClose(found.inverse, expected.inverse, tolerance: tolerance, "\(table.name) deviation of \(size)")
            let (back, expectedBack) = (one.backward(table), one.backward(.scalar))
            expectClose(back.dx, expectedBack.dx, tolerance: 10 * tolerance, "\(table.name) dx of \(size)")
            expectClose(back.dgain, expectedBack.dgain, tolerance: tolerance, "\(table.name) dgain of \(size)")
            expectClose(back.dbias, expectedBack.dbias, tolerance: tolerance, "\(table.name) dbias of \(size)")
        }
    }

    @Test(arguments: Table.available)
    func constantRowIsItsBias(table: Table) {
        var generator = Generator(state: 2)
        let one = Case(rows: 2, size: 48, using: &generator)
        for index in 0..<96 { one.x.pointer[index] = 0.5 }
        let found = one.forward(table)
        #expect(Array(found.out.values[0..<48]) == one.bias.values)
    }

    /// The derivative of Σ upstream · layer_norm(x), by central differences.
    @Test func scalarBackwardIsTheSlope() {
        var generator = Generator(state: 3)
        let one = Case(rows: 2, size: 7, using: &generator)
        let back = one.backward(.scalar)
        func objective() -> Double {
            zip(one.forward(.scalar).out.values, one.upstream.values).reduce(0) { $0 + Double($1.0) * Double($1.1) }
        }
        func check(_ parameter: Floats, _ gradient: Floats, offset: Float, _ name: String) {
            for index in 0..<parameter.count {
                let (kept, step) = (parameter[index], Float(1e-2))
                parameter.pointer[index] = kept + step
                let above = objective()
                parameter.pointer[index] = kept - step
                let below = objective()
                parameter.pointer[index] = kept
                let slope = (above - below) / (2 * Double(step))
                #expect(abs(slope - Double(gradient[index] - offset)) < 2e-3, "\(name) [\(index)]")
            }
        }
        check(one.x, back.dx, offset: 0, "dx")
        check(one.gain, back.dgain, offset: 1, "dgain")
        check(one.bias, back.dbias, offset: 2, "dbias")
    }
}

@Suite struct RootMeanSquareNormTests {
    @Test(arguments: Table.available)
    func matchesScalar(table: Table) {
        var generator = Generator(state: 4)
        for size in oddSizes where size > 0 {
            let one = LayerNormTests.Case(rows: 3, size: size, using: &generator)
            let results = [table, .scalar].map { table in
                let (out, inverse) = (Floats(count: 3 * size), Floats(count: 3))
                table.kernels.rms_norm(
                    out.pointer, inverse.pointer, one.x.pointer, one.gain.pointer, 1e-5, 3, size)
                let (dx, dgain) = (Floats(count: 3 * size), Floats(repeating: 1, count: size))
                table.kernels.rms_norm_backward(
                    dx.pointer, dgain.pointer, one.x.pointer, inverse.pointer, one.gain.pointer, one.upstream.pointer,
                    3,
                    size)
                return [out, inverse, dx, dgain]
            }
            for (found, expected) in zip(results[0], results[1]) {
                expectClose(found, expected, tolerance: 1e-5, "\(table.name) of \(size)")
            }
        }
    }
}

@Suite struct CrossEntropyTests {
    @Test(arguments: Table.available)
    func matchesScalar(table: Table) {
        var generator = Generator(state: 1)
        for classes in oddSizes where classes > 0 {
            for smoothing in [Float(0), 0.1] {
                let logits = generator.floats(4 * classes, in: -8...8)
                let targets = [0, Int32(classes - 1), -1, Int32(classes / 2)]
                var results: [(Floats, Floats, Floats)] = []
                for one in [table, .scalar] {
                    let (x, loss, gradient) = (Floats(logits), Floats(count: 4), Floats(count: 4 * classes))
                    one.kernels.cross_entropy(loss.pointer, gradient.pointer, x.pointer, targets, smoothing, 4, classes)
                    let lossAlone = Floats(count: 4)
                    one.kernels.cross_entropy(lossAlone.pointer, nil, x.pointer, targets, smoothing, 4, classes)
                    expectClose(lossAlone, loss, tolerance: 1e-6, "\(one.name) loss without gradient")
                    #expect(x.values == logits)
                    let inPlace = Floats(logits)
                    one.kernels.cross_entropy(
                        loss.pointer, inPlace.pointer, inPlace.pointer, targets, smoothing, 4, classes)
                    results.append((loss, gradient, inPlace))
                }
                let what = "\(table.name), \(classes) classes, smoothing \(smoothing)"
                expectClose(results[0].0, results[1].0, what + " loss")
                expectClose(results[0].1, results[1].1, what + " gradient")
                expectClose(results[0].2, results[1].1, what + " gradient in place")
                #expect(results[0].0[2] == 0)
                #expect((2 * classes..<3 * classes).allSatisfy { results[0].1[$0] == 0 })
            }
        }
    }

    @Test(arguments: Table.available)
    func hugeLogits(table: Table) {
        let (x, loss, gradient) = (
            Floats([1e30, 0, -1e30, 3e4, 3e4 - 1, -.infinity]), Floats(count: 2), Floats(count: 6)
        )
        table.kernels.cross_entropy(loss.pointer, gradient.pointer, x.pointer, [0, 1], 0, 2, 3)
        #expect(loss[0] == 0)
        #expect(abs(loss[1] - 1.3132617) < 1e-5)
        #expect(gradient.values.allSatisfy { $0.isFinite })
    }

    /// The loss by its formula, the gradient by central differences, both in double precision.
    @Test func scalarIsTheFormula() {
        let logits: [Double] = [0.25, -1.5, 2, 0.75]
        let (smoothing, target) = (0.2, 2)
        func loss(_ x: [Double]) -> Double {
            let logSum = log(x.reduce(0) { $0 + exp($1) })
            return (1 - smoothing) * (logSum - x[target]) + smoothing * (logSum - x.reduce(0, +) / 4)
        }
        let (x, found, gradient) = (Floats(logits.map(Float.init)), Floats(count: 1), Floats(count: 4))
        Table.scalar.kernels.cross_entropy(found.pointer, gradient.pointer, x.pointer, [Int32(target)], 0.2, 1, 4)
        #expect(abs(Double(found[0]) - loss(logits)) < 1e-6)
        for index in 0..<4 {
            var (above, below) = (logits, logits)
            above[index] += 1e-5
            below[index] -= 1e-5
            #expect(abs((loss(above) - loss(below)) / 2e-5 - Double(gradient[index])) < 1e-6)
        }
    }
}

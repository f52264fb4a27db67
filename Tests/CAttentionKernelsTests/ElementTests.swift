import CAttentionKernels
import Testing

typealias Unary = @convention(c) (UnsafeMutablePointer<Float>, UnsafePointer<Float>, Int) -> Void
typealias Binary = @convention(c) (UnsafeMutablePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>, Int) -> Void

extension Table {
    var unaries: [(name: String, apply: Unary)] {
        let k = kernels
        return [
            ("exponential", k.exponential), ("logarithm", k.logarithm), ("square_root", k.square_root),
            ("hyperbolic_tangent", k.hyperbolic_tangent), ("sigmoid", k.sigmoid), ("relu", k.relu), ("gelu", k.gelu),
            ("silu", k.silu),
        ]
    }

    var binaries: [(name: String, apply: Binary)] {
        let k = kernels
        return [
            ("add", k.add), ("subtract", k.subtract), ("multiply", k.multiply), ("divide", k.divide),
            ("multiply_add", k.multiply_add), ("hyperbolic_tangent_backward", k.hyperbolic_tangent_backward),
            ("sigmoid_backward", k.sigmoid_backward), ("relu_backward", k.relu_backward),
            ("gelu_backward", k.gelu_backward), ("silu_backward", k.silu_backward),
        ]
    }
}

let specials: [Float] = [
    0, -0.0, 1, -1, .infinity, -.infinity, .nan, .greatestFiniteMagnitude, -.greatestFiniteMagnitude,
    .leastNormalMagnitude, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, 88.8, -88.8, 104, -104, 14, -14, 1e20,
    -1e20,
]

@Suite struct ElementTests {
    @Test(arguments: Table.available)
    func unariesMatchScalar(table: Table) {
        var generator = Generator(state: 1)
        for count in oddSizes {
            let x = Floats(generator.floats(count, in: -6...6))
            for (one, reference) in zip(table.unaries, Table.scalar.unaries) {
                let (out, expected) = (Floats(count: count), Floats(count: count))
                one.apply(out.pointer, x.pointer, count)
                reference.apply(expected.pointer, x.pointer, count)
                expectClose(out, expected, tolerance: 3e-7, "\(table.name) \(one.name) of \(count)")
                let inPlace = Floats(x.values)
                one.apply(inPlace.pointer, inPlace.pointer, count)
                #expect(
                    zip(inPlace.values, out.values).allSatisfy {
                        $0.bitPattern == $1.bitPattern || $0.isNaN && $1.isNaN
                    })
            }
        }
    }

    @Test(arguments: Table.available)
    func binariesMatchScalar(table: Table) {
        var generator = Generator(state: 2)
        for count in oddSizes {
            let (x, y) = (Floats(generator.floats(count, in: -6...6)), Floats(generator.floats(count, in: -6...6)))
            let initial = generator.floats(count)
            for (one, reference) in zip(table.binaries, Table.scalar.binaries) {
                let (out, expected) = (Floats(initial), Floats(initial))
                one.apply(out.pointer, x.pointer, y.pointer, count)
                reference.apply(expected.pointer, x.pointer, y.pointer, count)
                expectClose(out, expected, tolerance: 1e-6, "\(table.name) \(one.name) of \(count)")
            }
        }
    }

    @Test(arguments: Table.available)
    func specialValuesMatchScalar(table: Table) {
        let count = specials.count
        let x = Floats(specials)
        for (one, reference) in zip(table.unaries, Table.scalar.unaries) {
            let (out, expected) = (Floats(count: count), Floats(count: count))
            one.apply(out.pointer, x.pointer, count)
            reference.apply(expected.pointer, x.pointer, count)
            expectClose(out, expected, tolerance: 3e-7, "\(table.name) \(one.name) of special values")
        }
        let y = Floats((0..<count).map { specials[($0 * 7 + 3) % count] })
        for (one, reference) in zip(table.binaries, Table.scalar.binaries) where one.name != "silu_backward" {
            let (out, expected) = (Floats(repeating: 1, count: count), Floats(repeating: 1, count: count))
            one.apply(out.pointer, x.pointer, y.pointer, count)
            reference.apply(expected.pointer, x.pointer, y.pointer, count)
            expectClose(out, expected, tolerance: 1e-6, "\(table.name) \(one.name) of special values")
        }
        let (out, ones) = (Floats(count: count), Floats(repeating: 1, count: count))
        let expected = Floats(count: count)
        table.kernels.silu_backward(out.pointer, x.pointer, ones.pointer, count)
        Table.scalar.kernels.silu_backward(expected.pointer, x.pointer, ones.pointer, count)
        expectClose(out, expected, tolerance: 1e-6, "\(table.name) silu_backward of special values")
    }

    @Test(arguments: Table.available)
    func scaling(table: Table) {
        var generator = Generator(state: 3)
        for count in oddSizes {
            let (x, initial) = (Floats(generator.floats(count)), generator.floats(count))
            for (scale, offset) in [(Float(0.5), Float(-1.25)), (1, 0), (0, 3)] {
                let (out, sum) = (Floats(initial), Floats(initial))
                table.kernels.scale_add(out.pointer, x.pointer, scale, offset, count)
                table.kernels.accumulate_scaled(sum.pointer, x.pointer, scale, count)
                expectClose(out, Floats(x.values.map { scale * $0 + offset }), "\(table.name) scale_add")
                let expected = Floats(zip(initial, x.values).map { $0 + scale * $1 })
                expectClose(sum, expected, "\(table.name) accumulate_scaled")
            }
        }
    }

    /// Each derivative kernel of the reference against a central difference of its function in double precision.
    @Test func scalarDerivativesAreSlopes() {
        let k = Table.scalar.kernels
        let points = stride(from: Float(-5), through: 5, by: 0.173).map { $0 }
        let (x, ones) = (Floats(points), Floats(repeating: 1, count: points.count))
        func slopes(_ function: (Double) -> Double) -> Floats {
            Floats(points.map { Float((function(Double($0) + 1e-4) - function(Double($0) - 1e-4)) / 2e-4) })
        }
        func check(_ name: String, _ backward: Binary, of input: Floats, _ function: (Double) -> Double) {
            let out = Floats(count: points.count)
            backward(out.pointer, input.pointer, ones.pointer, points.count)
            expectClose(out, slopes(function), tolerance: 1e-6, name)
        }
        func outputs(_ function: (Double) -> Double) -> Floats { Floats(points.map { Float(function(Double($0))) }) }
        check("tanh", k.hyperbolic_tangent_backward, of: outputs(Reference.tanh), Reference.tanh)
        check("sigmoid", k.sigmoid_backward, of: outputs(Reference.sigmoid), Reference.sigmoid)
        check("relu", k.relu_backward, of: outputs { max(0, $0) }) { max(0, $0) }
        check("gelu", k.gelu_backward, of: x, Reference.gelu)
        check("silu", k.silu_backward, of: x, Reference.silu)
    }
}

import CAttentionKernels
import Glibc
import Testing

/// The elementary functions in double precision.
enum Reference {
    static func tanh(_ x: Double) -> Double { Glibc.tanh(x) }
    static func sigmoid(_ x: Double) -> Double { x < 0 ? exp(x) / (1 + exp(x)) : 1 / (1 + exp(-x)) }
    static func silu(_ x: Double) -> Double { x == -.infinity ? 0 : x * sigmoid(x) }
    static func gelu(_ x: Double) -> Double { x == -.infinity ? 0 : 0.5 * x * erfc(-x * 0.5.squareRoot()) }
}

@Suite struct FunctionTests {
    /// Errors in units of the last place over every 9,973rd float: all signs, exponents, subnormals and NaNs.
    @Test(arguments: Table.available)
    func withinTwoUnitsInTheLastPlace(table: Table) {
        let k = table.kernels
        let functions: [(String, Unary, (Double) -> Double)] = [
            ("exponential", k.exponential, exp), ("logarithm", k.logarithm, log),
            ("hyperbolic_tangent", k.hyperbolic_tangent, Reference.tanh), ("sigmoid", k.sigmoid, Reference.sigmoid),
            ("gelu", k.gelu, Reference.gelu), ("silu", k.silu, Reference.silu),
            ("square_root", k.square_root, { $0.squareRoot() }),
        ]
        let x = Floats(stride(from: UInt64(0), to: 1 << 32, by: 9973).map { Float(bitPattern: UInt32($0)) })
        let out = Floats(count: x.count)
        for (name, apply, reference) in functions {
            apply(out.pointer, x.pointer, x.count)
            var worst = (error: 0.0, at: Float(0))
            for index in 0..<x.count {
                let (found, exact) = (out[index], reference(Double(x[index])))
                let nearest = Float(exact)
                if nearest.isNaN || nearest.isInfinite {
                    let agrees =
                        nearest.isNaN ? found.isNaN : found == nearest || abs(found) == .greatestFiniteMagnitude
                    #expect(agrees, "\(table.name) \(name)(\(x[index])) is \(found)")
                    continue
                }
                let error = abs(Double(found) - exact) / Double(nearest.ulp)
                if !(error <= worst.error) { worst = (error, x[index]) }
            }
            #expect(worst.error <= 2, "\(table.name) \(name): \(worst.error) at \(worst.at)")
        }
    }

    /// What a product applies to its sums may be rougher where it is next to nothing: within 2⁻²² |x|.
    @Test(arguments: Table.available)
    func geluOfProducts(table: Table) {
        let x = Floats(
            (-15_000...15_000).map { Float($0) / 2000 } + [1e-30, -1e-30, 1e30, -1e30, .infinity, -.infinity, .nan])
        let (one, out) = (Floats([1]), Floats(count: x.count))
        var product = attn_product(
            rows: 1, columns: x.count, depth: 1, a: one.pointer, a_row_stride: 1, a_column_stride: 1, b: x.pointer,
            b_row_stride: x.count, b_column_stride: 1, c: out.pointer, c_row_stride: x.count, scale: 1,
            accumulate: false, activation: attn_activation_gelu, bias: nil, residual: nil, residual_stride: 0,
            dropout: 0, dropout_seed: 0, dropout_base: 0, dropout_stride: 0)
        table.kernels.product_direct(&product, 0, 1, 0, x.count)
        for (x, y) in zip(x.values, out.values) {
            let error = abs(Double(y) - Reference.gelu(Double(x)))
            let bound = 0x1p-22 * Double(max(x, min(-x, 10)))
            #expect(x.isNaN ? y.isNaN : x == y || error <= bound, "\(table.name) gelu(\(x)) is \(y)")
        }
    }

    @Test(arguments: Table.available)
    func limits(table: Table) {
        func value(_ apply: Unary, _ x: Float) -> Float {
            let (input, out) = (Floats([x]), Floats(count: 1))
            apply(out.pointer, input.pointer, 1)
            return out[0]
        }
        let k = table.kernels
        #expect(value(k.exponential, 0) == 1 && value(k.exponential, -0.0) == 1)
        #expect(value(k.exponential, 88.72284) == .infinity && value(k.exponential, 88.72283).isFinite)
        #expect(value(k.exponential, -103.9721) == 0 && value(k.exponential, -103.9) == .leastNonzeroMagnitude)
        #expect(value(k.logarithm, 1) == 0 && value(k.logarithm, 0) == -.infinity)
        #expect(value(k.logarithm, -1).isNaN && value(k.logarithm, .infinity) == .infinity)
        #expect(value(k.hyperbolic_tangent, 10) == 1 && value(k.hyperbolic_tangent, -10) == -1)
        #expect(value(k.hyperbolic_tangent, -0.0).sign == .minus)
        #expect(value(k.hyperbolic_tangent, .leastNonzeroMagnitude) == .leastNonzeroMagnitude)
        #expect(value(k.sigmoid, 0) == 0.5 && value(k.sigmoid, 100) == 1 && value(k.sigmoid, -.infinity) == 0)
        #expect(value(k.relu, .nan).isNaN && value(k.relu, -.infinity) == 0)
        for apply in [k.gelu, k.silu] {
            #expect(value(apply, -.infinity) == 0 && value(apply, .infinity) == .infinity && value(apply, .nan).isNaN)
            #expect(value(apply, 0) == 0)
        }
    }
}

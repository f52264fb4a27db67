import CAttentionKernels
import Glibc
import Testing

/// The cells' kernels on random data: forward outputs first, then backward ones.
struct CellCase {
    let batch: Int, size: Int
    var generator: Generator

    func gru(_ table: Table) -> [Floats] {
        var generator = generator
        let (b, n) = (batch, size)
        let stride = 3 * n + 2
        let input = Floats(generator.floats(b * stride, in: -3...3))
        let hidden = Floats(generator.floats(b * 3 * n, in: -3...3))
        let previous = Floats(generator.floats(b * n))
        let upstream = Floats(generator.floats(b * n))
        let out = Floats(count: b * n)
        let gates = Floats(count: b * 3 * n)
        table.kernels.gru_forward(
            out.pointer, gates.pointer, input.pointer, stride, hidden.pointer, previous.pointer, b, n)
        let dinput = Floats(repeating: 9, count: b * stride)
        let dhidden = Floats(count: b * 3 * n)
        let dprevious = Floats(count: b * n)
        table.kernels.gru_backward(
            dinput.pointer, stride, dhidden.pointer, dprevious.pointer, gates.pointer, hidden.pointer, previous.pointer,
            upstream.pointer, b, n)
        return [out, gates, dinput, dhidden, dprevious]
    }

    func lstm(_ table: Table) -> [Floats] {
        var generator = generator
        let (b, n) = (batch, size)
        let sums = Floats(generator.floats(b * 4 * n, in: -3...3))
        let previous = Floats(generator.floats(b * n))
        let upstream = Floats(generator.floats(b * n))
        let dcell = Floats(generator.floats(b * n))
        let out = Floats(count: b * n)
        let cell = Floats(count: b * n)
        table.kernels.lstm_forward(out.pointer, cell.pointer, sums.pointer, sums.pointer, previous.pointer, b, n)
        let dsums = Floats(count: b * 4 * n)
        let dprevious = Floats(count: b * n)
        table.kernels.lstm_backward(
            dsums.pointer, dprevious.pointer, sums.pointer, cell.pointer, previous.pointer, upstream.pointer,
            dcell.pointer, b, n)
        return [out, cell, sums, dsums, dprevious]
    }
}

@Suite struct RecurrentTests {
    @Test(arguments: Table.available)
    func matchesScalar(table: Table) {
        for size in oddSizes {
            let one = CellCase(batch: 3, size: size, generator: Generator(state: UInt64(size)))
            for (found, expected) in zip(one.gru(table), one.gru(.scalar)) {
                expectClose(found, expected, "\(table.name) GRU of \(size)")
            }
            for (found, expected) in zip(one.lstm(table), one.lstm(.scalar)) {
                expectClose(found, expected, "\(table.name) LSTM of \(size)")
            }
        }
    }

    static func gru(_ x: [Double], _ h: [Double], _ previous: Double) -> Double {
        let (r, z) = (Reference.sigmoid(x[0] + h[0]), Reference.sigmoid(x[1] + h[1]))
        return (1 - z) * tanh(x[2] + r * h[2]) + z * previous
    }

    @Test func scalarGRUIsTheFormula() {
        let k = Table.scalar.kernels
        let (x, h, previous) = ([0.3, -0.7, 0.9], [-0.2, 0.4, 1.1], 0.6)
        let (input, hidden) = (Floats(x.map(Float.init)), Floats(h.map(Float.init)))
        let before = Floats([Float(previous)])
        let (out, gates, one) = (Floats(count: 1), Floats(count: 3), Floats([1]))
        k.gru_forward(out.pointer, gates.pointer, input.pointer, 3, hidden.pointer, before.pointer, 1, 1)
        #expect(abs(Double(out[0]) - Self.gru(x, h, previous)) < 1e-6)
        let (dinput, dhidden, dprevious) = (Floats(count: 3), Floats(count: 3), Floats(count: 1))
        k.gru_backward(
            dinput.pointer, 3, dhidden.pointer, dprevious.pointer, gates.pointer, hidden.pointer, before.pointer,
            one.pointer, 1, 1)
        for gate in 0..<3 {
            func slope(_ function: (Double) -> Double) -> Double { (function(1e-5) - function(-1e-5)) / 2e-5 }
            func moved(_ values: [Double], _ step: Double) -> [Double] {
                values.enumerated().map { $0.offset == gate ? $0.element + step : $0.element }
            }
            let byInput = slope { Self.gru(moved(x, $0), h, previous) }
            let byHidden = slope { Self.gru(x, moved(h, $0), previous) }
            #expect(abs(byInput - Double(dinput[gate])) < 1e-6)
            #expect(abs(byHidden - Double(dhidden[gate])) < 1e-6)
        }
        #expect(abs(Double(dprevious[0]) - Reference.sigmoid(x[1] + h[1])) < 1e-6)
    }

    /// The objective out + 0.5 · cell, so that both upstream gradients count.
    @Test func scalarLSTMIsTheFormula() {
        let k = Table.scalar.kernels
        let (x, previous) = ([0.3, -0.7, 0.9, 0.2], 0.6)
        func forward(_ x: [Double], _ previous: Double) -> (out: Double, cell: Double) {
            let cell = Reference.sigmoid(x[1]) * previous + Reference.sigmoid(x[0]) * tanh(x[2])
            return (Reference.sigmoid(x[3]) * tanh(cell), cell)
        }
        let (sums, before) = (Floats(x.map(Float.init)), Floats([Float(previous)]))
        let (out, cell, gates) = (Floats(count: 1), Floats(count: 1), Floats(count: 4))
        k.lstm_forward(out.pointer, cell.pointer, gates.pointer, sums.pointer, before.pointer, 1, 1)
        #expect(abs(Double(out[0]) - forward(x, previous).out) < 1e-6)
        #expect(abs(Double(cell[0]) - forward(x, previous).cell) < 1e-6)
        let (dsums, dprevious) = (Floats(count: 4), Floats(count: 1))
        let (one, half) = (Floats([1]), Floats([0.5]))
        k.lstm_backward(
            dsums.pointer, dprevious.pointer, gates.pointer, cell.pointer, before.pointer, one.pointer, half.pointer,
            1, 1)
        func objective(_ x: [Double], _ previous: Double) -> Double {
            let (out, cell) = forward(x, previous)
            return out + 0.5 * cell
        }
        for gate in 0..<4 {
            var (above, below) = (x, x)
            above[gate] += 1e-5
            below[gate] -= 1e-5
            let slope = (objective(above, previous) - objective(below, previous)) / 2e-5
            #expect(abs(slope - Double(dsums[gate])) < 1e-6)
        }
        let slope = (objective(x, previous + 1e-5) - objective(x, previous - 1e-5)) / 2e-5
        #expect(abs(slope - Double(dprevious[0])) < 1e-6)
    }
}

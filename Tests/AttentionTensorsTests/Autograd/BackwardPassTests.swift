import AttentionTensors
import Synchronization
import Testing

/// Gradients that are asked for one after the other are those of the whole.
@Suite struct BackwardPassTests {
    private let input = Tensor.normal([5, 6], key: RandomKey(seed: 1))
    /// A matrix that is used first and last, two maps, the bias of both, and something that nobody uses.
    private let leaves = [[6, 8], [8, 8], [8, 8], [8], [3]].enumerated().map { index, sizes in
        Tensor.normal(Shape(sizes), deviation: 0.5, key: RandomKey(seed: 2)[index]).tracked()
    }

    private func loss() throws -> Tensor {
        let (tied, first, second, bias) = (leaves[0], leaves[1], leaves[2], leaves[3])
        let read = try linear(try matmul(input, tied), weight: first, bias: bias, activation: .tanh)
        let states = try recomputed([read]) { inputs throws(ShapeError) in
            try linear(inputs[0], weight: second, bias: bias).hyperbolicTangent()
        }
        let logits = try matmul(states, tied.transposed())
        return (logits * logits).sum()
    }

    @Test(arguments: [[0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [2, 4, 0, 3, 1]])
    func inAnyOrderGradientsAreTheSame(_ order: [Int]) throws {
        let loss = try loss()
        let whole = try loss.gradients()
        var pass = try BackwardPass(from: loss)
        for index in order {
            let found = pass.takeGradient(of: leaves[index])?.values.map(\.bitPattern)
            #expect(found == whole[leaves[index]]?.values.map(\.bitPattern), "leaf \(index)")
            #expect((found == nil) == (index == 4), "leaf \(index)")
        }
        for leaf in leaves { #expect(pass.takeGradient(of: leaf) == nil) }
    }

    /// Steps that tell when gradients flow back through them.
    @Test func thePassGoesNoFartherThanAsked() throws {
        final class Log: Sendable {
            private let lines = Mutex<[String]>([])
            func note(_ line: String) { lines.withLock { $0.append(line) } }
            var all: [String] { lines.withLock { $0 } }
        }
        let log = Log()
        func told(_ name: String, _ x: Tensor) -> Tensor {
            .operation(on: [x]) {
                $0[0]
            } pullback: { upstream, _, _ in
                log.note(name)
                return [upstream]
            }
        }
        let (a, b, c, unused) = (
            Tensor(2).tracked(), Tensor(3).tracked(), Tensor(5).tracked(), Tensor(7).tracked()
        )
        // a² b c
        let loss = told("c", told("b", told("a", a * a) * b) * c)
        var pass = try BackwardPass(from: loss)
        #expect(pass.takeGradient(of: unused) == nil && log.all.isEmpty)
        // Of what is no leaf there is none to take.
        #expect(pass.takeGradient(of: loss) == nil && log.all.isEmpty)
        #expect(pass.takeGradient(of: c)?.scalar == 12)
        #expect(log.all == ["c"])
        #expect(pass.takeGradient(of: a)?.scalar == 60)
        #expect(log.all == ["c", "b", "a"])
        #expect(pass.takeGradient(of: b)?.scalar == 20)
        #expect(log.all == ["c", "b", "a"])
    }

    @Test func onlyScalarsAreDifferentiated() throws {
        let error = #expect(throws: ShapeError.self) { _ = try BackwardPass(from: leaves[4]) }
        #expect(error?.description == "gradients: expected a scalar, found [3]; sum or average it first")
    }
}

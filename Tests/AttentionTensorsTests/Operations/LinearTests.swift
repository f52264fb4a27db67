import AttentionFiles
import AttentionTensors
import AttentionTestSupport
import Testing

/// A linear map with what follows it in the same pass, against the same step by step.
@Suite struct LinearTests {
    private let x = Tensor.normal([3, 7, 20], key: RandomKey(seed: 1)).tracked()
    private let weight = Tensor.normal([33, 20], key: RandomKey(seed: 2)).tracked()
    private let bias = Tensor.normal([33], key: RandomKey(seed: 3)).tracked()
    private let residual = Tensor.normal([3, 7, 33], key: RandomKey(seed: 4)).tracked()
    private let upstream = Tensor.normal([3, 7, 33], key: RandomKey(seed: 5))

    private func expectClose(_ found: Tensor?, _ expected: Tensor?, _ what: String) throws {
        let (found, expected) = (try #require(found).values, try #require(expected).values)
        #expect(zip(found, expected).allSatisfy { abs($0 - $1) <= 1e-4 * max(1, abs($1)) }, "\(what)")
    }

    @Test(arguments: Activation.allCases, [nil, Dropout(0.3, key: RandomKey(seed: 9))])
    func endingsAreTheirSteps(_ activation: Activation, _ dropout: Dropout?) throws {
        for residual in [nil, residual] {
            let found = try linear(
                x, weight: weight, bias: bias, activation: activation, dropout: dropout, residual: residual)
            let branch = activation(try matmul(x, weight.transposed()) + bias)
            let dropped = dropout?(branch) ?? branch
            let expected = residual.map { $0 + dropped } ?? dropped
            try expectClose(found, expected, "\(activation)")
            let constant = try linear(
                x.detached(), weight: weight.detached(), bias: bias.detached(), activation: activation,
                dropout: dropout, residual: residual?.detached())
            try expectClose(constant, expected, "\(activation), not learned")
            let gradients = (found.gradients(upstream: upstream), expected.gradients(upstream: upstream))
            for (name, leaf) in [("x", x), ("weight", weight), ("bias", bias)] {
                try expectClose(gradients.0[leaf], gradients.1[leaf], "\(activation), gradient of \(name)")
            }
            if let residual { try expectClose(gradients.0[residual], upstream, "gradient of the residual") }
        }
    }

    @Test func residualMustFit() {
        #expect(throws: ShapeError.self) { try linear(x, weight: weight, residual: .zeros([3, 33])) }
    }
}

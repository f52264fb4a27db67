import AttentionTensors
import AttentionTesting
import Testing

private let scores = Tensor.uniform([3, 6], in: -2...2, key: RandomKey(seed: 3))

/// Softmax with a derivative of its own, y (g − Σ y g) unless it is changed.
private func softmax(
    _ x: Tensor, derivative: @escaping @Sendable (_ y: Tensor, _ upstream: Tensor) throws -> Tensor
) throws -> Tensor {
    let y = try x.detached().softmax()
    return y.derived(from: x) { upstream, gradients in
        gradients.add((try? derivative(y, upstream)) ?? .zeros(y.shape), to: x)
    }
}

@Suite struct GradientCheckTests {
    /// What a check finds, in words; nil if all is right.
    private func finding(_ function: ([Tensor]) throws -> Tensor) throws -> String? {
        do {
            try checkGradients(of: [scores], fileID: "here", line: 1, function)
            return nil
        } catch let failure as GradientCheckFailure {
            return failure.description
        }
    }

    @Test func rightDerivativesPass() throws {
        #expect(
            try finding { try softmax($0[0]) { y, g in y * (g - (try (y * g).sum(axis: -1, keepingAxis: true))) } }
                == nil)
    }

    /// The whole kind of mistakes that the old bound of 2e-2 · max(1, max |g|) let pass: terms that are dropped, factors that are slightly off,
    /// single entries that are 0.
    @Test func changedDerivativesFail() throws {
        let mutants: [(String, @Sendable (Tensor, Tensor) throws -> Tensor)] = [
            ("the sum dropped", { y, g in y * g }),
            ("the factor y dropped", { y, g in g - (try (y * g).sum(axis: -1, keepingAxis: true)) }),
            ("the sum not weighted", { y, g in y * (g - (try g.sum(axis: -1, keepingAxis: true))) }),
            (
                "half a percent too much",
                { y, g in
                    y * (g - (try (y * g).sum(axis: -1, keepingAxis: true))) * 1.005
                }
            ),
            ("no gradient at all", { y, _ in .zeros(y.shape) }),
            (
                "one entry is 0",
                { y, g in
                    var values = (y * (g - (try (y * g).sum(axis: -1, keepingAxis: true)))).values
                    values[7] = 0
                    return try Tensor(values, shape: y.shape)
                }
            ),
        ]
        for (name, mutant) in mutants {
            let found = try finding { try softmax($0[0], derivative: mutant) }
            #expect(found?.contains("expected the slope") == true, "\(name): \(found ?? "passes")")
        }
    }

    @Test func smallGradientsAreMeasuredByThemselves() throws {
        let x = Tensor.ones([2])
        let factors = try Tensor([1, 1e-3], shape: [2])
        try checkGradients(of: [x]) { $0[0] * factors }
        #expect(throws: GradientCheckFailure.self) {
            try checkGradients(of: [x]) { inputs in
                let y = inputs[0].detached() * factors
                return y.derived(from: inputs[0]) { upstream, gradients in
                    gradients.add(upstream * (try! Tensor([1, 1.2e-3], shape: [2])), to: inputs[0])
                }
            }
        }
    }

    @Test func kinksWithinReachOfALargeStepAreNoMistake() throws {
        let x = try Tensor([0.03, -0.03, 0.01, 0.4, -0.09], shape: [5])
        try checkGradients(of: [x]) { $0[0].relu() }
    }

    @Test func atAKinkNothingSettles() throws {
        let found = #expect(throws: GradientCheckFailure.self) {
            try checkGradients(of: [try Tensor([0], shape: [1])]) { $0[0].relu() }
        }
        #expect(found?.findings.count == 1)
    }

    @Test func exitsFromTheGraphAreFound() throws {
        #expect(
            try finding { $0[0].detached() * 2 }
                == "checkGradients at here:1: expected an output that is tracked as its inputs are, found one outside the graph"
        )
        let other = Tensor.ones([1]).tracked()
        #expect(
            try finding { $0[0].detached() * other }
                == "checkGradients at here:1: expected a gradient of input 0, found none")
    }
}

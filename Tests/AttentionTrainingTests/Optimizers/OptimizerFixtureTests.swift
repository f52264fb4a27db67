import AttentionFiles
import AttentionTensors
import AttentionTestSupport
import AttentionTraining
import FoundationEssentials
import Testing

/// Every optimizer makes the steps of PyTorch's, and of the reference implementation of Lion: six of them, on matrices, vectors, a tensor of
/// rank 3 and a scalar, with gradients that are zero in places. `scripts/make-optimizer-fixtures.py` made the numbers.
struct OptimizerFixtureTests {
    private struct Fixture: Decodable {
        struct Parameter: Decodable {
            let shape: [Int]
            let start: [Float]
            let gradients: [[Float]]
        }
        let parameters: [String: Parameter]
        let cases: [String: [String: [[Float]]]]
    }

    private static let fixture = Result {
        let path = #filePath.dropLast("Optimizers/OptimizerFixtureTests.swift".count) + "Fixtures/optimizers.json"
        return try JSONDecoder().decode(Fixture.self, from: Data(try FileContents.read(String(path))))
    }

    static let decay = WeightDecay.matrices(0.1)
    static let optimizers: [(String, any Optimizer)] = [
        ("sgd", SGD()),
        ("sgd heavy ball", SGD(momentum: .heavyBall(0.9), decay: decay)),
        ("sgd nesterov", SGD(momentum: .nesterov(0.9), decay: decay)),
        ("adam", Adam(.init(beta2: 0.98, decay: decay))),
        ("adafactor absolute", Adafactor(decay: decay)),
        ("adafactor relative", Adafactor(stepSize: .relative(), decay: decay)),
        ("lion", Lion(decay: decay)),
        ("muon", Muon(decay: decay)),
    ]

    /// - Parameter scale: gradients arrive divided by it, and are multiplied by it in the step.
    private func weights(_ optimizer: any Optimizer, scale: Float = 1) throws -> [[String: Tensor]] {
        let fixture = try Self.fixture.get()
        var optimizer = optimizer
        var model = NamedParameters(
            tensors: try fixture.parameters.mapValues { try Tensor($0.start, shape: Shape($0.shape)) })
        return try (0..<6).map { step in
            var gradients = ParameterGradients()
            for (name, parameter) in fixture.parameters {
                gradients[name] = try Tensor(
                    parameter.gradients[step].map { $0 / scale }, shape: Shape(parameter.shape))
            }
            optimizer.step(&model, gradients: gradients, scale: scale, rate: 0.05)
            #expect(optimizer.stepCount == step + 1)
            return model.tensors
        }
    }

    @Test(arguments: 0..<optimizers.count, [1, 0.25] as [Float])
    func stepsAreThoseOfTheReference(_ index: Int, scale: Float) throws {
        let (name, optimizer) = Self.optimizers[index]
        let expected = try #require(try Self.fixture.get().cases[name])
        let found = try weights(optimizer, scale: scale)
        #expect(expected.count == 7)
        // Five Newton–Schulz steps multiply float32's rounding by 3.4⁵ at most.
        let tolerance: Float = name == "muon" ? 1e-4 : 3e-6
        for (parameter, steps) in expected {
            #expect(steps.count == 6)
            for (step, values) in steps.enumerated() {
                let weights = try #require(found[step][parameter])
                expectClose(weights, try Tensor(values, shape: weights.shape), tolerance: tolerance)
            }
        }
    }

    /// What does not move because its gradient is 0 in every step.
    @Test(arguments: 0..<optimizers.count)
    func zeroGradientsMoveNothing(_ index: Int) throws {
        let start = try #require(try Self.fixture.get().parameters["bias"]).start[1]
        let found = try weights(Self.optimizers[index].1)
        #expect(found.allSatisfy { $0["bias"]?.values[1] == start })
    }
}

/// Parameters by name.
private struct NamedParameters: Module {
    var tensors: [String: Tensor]

    mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        for name in tensors.keys.sorted() {
            guard let tensor = tensors.removeValue(forKey: name) else { continue }
            var parameter = Parameter(tensor)
            try parameter.visit(&visitor, path / name)
            tensors[name] = parameter.tensor
        }
    }
}

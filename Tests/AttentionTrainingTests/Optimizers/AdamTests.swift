import AttentionFiles
import AttentionTensors
import AttentionTestSupport
import AttentionTraining
import Testing

struct AdamTests {
    private static let start: [Float] = [0.5, -1, 2, 0.25]
    private static let gradients: [[Float]] = [[0.1, -0.2, 0.3, 0], [-0.4, 0.5, 0.05, 1], [0.2, 0.2, -0.6, 2]]
    private let settings = Adam.Configuration(beta1: 0.9, beta2: 0.98, epsilon: 1e-6, decay: .matrices(0.05))

    /// Gradients that are exactly these: those of Σ g · parameter.
    private func gradients(_ values: [Float], of model: [Parameter]) throws -> ParameterGradients {
        let tracked = model.tracked()
        let slope = try Tensor(values, shape: tracked[0].shape)
        var result = ParameterGradients()
        result.add(try (tracked[0].tensor * slope).sum().gradients(), of: tracked)
        return result
    }

    private func weights(
        after steps: Int, _ shape: Shape, _ settings: Adam.Configuration, scale: Float = 1
    ) throws -> Tensor {
        var model = [Parameter(try Tensor(Self.start, shape: shape))]
        var adam = Adam(settings)
        for step in 0..<steps {
            let sums = try gradients(Self.gradients[step].map { $0 / scale }, of: model)
            adam.step(&model, gradients: sums, scale: scale, rate: 0.1)
        }
        #expect(adam.stepCount == steps)
        return model[0].tensor
    }

    /// Numbers printed by scripts/adam-reference.py.
    @Test(
        arguments: [
            (1, [0.397501000, -0.895000500, 1.890000333, 0.248750000]),
            (2, [0.451228268, -0.934594040, 1.801859651, 0.173447158]),
            (3, [0.459974853, -0.984217551, 1.822316230, 0.090352456]),
        ] as [(Int, [Float])])
    func matricesDecay(steps: Int, expected: [Float]) throws {
        let found = try weights(after: steps, [2, 2], settings)
        expectClose(found, try Tensor(expected, shape: [2, 2]), tolerance: 1e-6)
        let scaled = try weights(after: steps, [2, 2], settings, scale: 0.25)
        expectClose(scaled, try Tensor(expected, shape: [2, 2]), tolerance: 1e-6)
    }

    /// Numbers printed by scripts/adam-reference.py.
    @Test(
        arguments: [
            (1, [0.400001000, -0.900000500, 1.900000333, 0.250000000]),
            (2, [0.455715773, -0.944069043, 1.821309653, 0.175940908]),
            (3, [0.466718499, -0.998365523, 1.850775530, 0.093713442]),
        ] as [(Int, [Float])])
    func vectorsDoNotUnlessAskedTo(steps: Int, expected: [Float]) throws {
        expectClose(try weights(after: steps, [4], settings), try Tensor(expected, shape: [4]), tolerance: 1e-6)
        var all = settings
        all.decay = .all(0.05)
        #expect(try weights(after: steps, [4], all).values == weights(after: steps, [2, 2], all).values)
    }

    @Test func parametersWithoutGradientStay() throws {
        var model = [Parameter(try Tensor(Self.start, shape: [2, 2])), Parameter(.ones([2, 2]))]
        var adam = Adam(settings)
        let sums = try gradients(Self.gradients[0], of: model)
        adam.step(&model, gradients: sums, rate: 0.1)
        #expect(model[1].tensor.values == [1, 1, 1, 1])
        #expect(model[0].tensor.values != Self.start)
    }

    @Test func parametersAndMomentsAreChangedInPlace() throws {
        var model = [Parameter(try Tensor(Self.start, shape: [2, 2]))]
        var adam = Adam(settings)
        func addresses() -> [ObjectIdentifier] {
            let tensors = model.map(\.tensor) + (adam.state.tensors["0"] ?? [])
            return tensors.map { ObjectIdentifier($0.storage) }
        }
        let sums = try gradients(Self.gradients[0], of: model)
        adam.step(&model, gradients: sums, rate: 0.1)
        let before = addresses()
        #expect(before.count == 3)
        adam.step(&model, gradients: sums, rate: 0.1)
        #expect(addresses() == before)
    }

    @Test func aModelSomeoneElseHoldsIsCopied() throws {
        let mine = [Parameter(try Tensor(Self.start, shape: [2, 2]))]
        var trained = mine
        var adam = Adam(settings)
        adam.step(&trained, gradients: try gradients(Self.gradients[0], of: mine), rate: 0.1)
        #expect(mine[0].tensor.values == Self.start)
        #expect(trained[0].tensor.values != Self.start)
    }
}

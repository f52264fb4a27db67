import AttentionLayers
import AttentionTensors
import AttentionTraining

// Element by element or row by row: what they read and write, larger than any cache, takes longer than what they compute.
extension KernelCase {
    private static let (rows, size) = (16384, 1024)
    private static let numberBytes = 4.0 * Double(rows * size)

    static let layerNorm = KernelCase(.layerNorm, "\(rows) × \(size)", Work(bytes: 2 * numberBytes)) {
        let x = try Tensor.alikeRows([rows, size])
        let (gain, bias) = (Tensor.ones([size]), Tensor.zeros([size]))
        return { _ = try x.layerNormalized(gain: gain, bias: bias) }
    }

    static let softmax = KernelCase(.softmax, "\(rows) × \(size)", Work(bytes: 2 * numberBytes)) {
        let x = try Tensor.alikeRows([rows, size])
        return { _ = try x.softmax() }
    }

    /// Reads gradient, parameters and two moments, writes the last three.
    static let adam = KernelCase(.adam, "\(rows * size) parameters", Work(bytes: 7 * numberBytes)) {
        let state = AdamState(Linear(weight: try .alikeRows([rows, size]), bias: nil))
        return { state.step() }
    }

    /// Reads both pre-activations and the state, writes the gates and the next state.
    static let gru = KernelCase(.gru, "\(rows / 4) × \(size)", Work(bytes: (3 + 3 + 1 + 3 + 1) * numberBytes / 4)) {
        let input = try Tensor.alikeRows([rows / 4, 3 * size])
        let hidden = try Tensor.alikeRows([rows / 4, 3 * size])
        let previous = try Tensor.alikeRows([rows / 4, size])
        return { _ = try gruStep(input: input, hidden: hidden, previous: previous) }
    }
}

/// What changes from step to step.
private final class AdamState {
    private var model: Linear
    private var optimizer = Adam()
    private let gradients: ParameterGradients

    init(_ model: Linear) {
        self.model = model
        let tracked = model.tracked()
        var gradients = ParameterGradients()
        gradients.add(tracked.weight.tensor.gradients(upstream: .full(0.5, model.weight.shape)), of: tracked)
        self.gradients = gradients
    }

    func step() { optimizer.step(&model, gradients: gradients, rate: 1e-3) }
}

import AttentionLayers
import AttentionTensors

extension Request {
    /// The map of `name.weight` and `name.bias`.
    func linear(withBias name: String) throws -> Linear {
        Linear(weight: try tensor("\(name).weight"), bias: try tensor("\(name).bias"))
    }

    /// The map of `name.weight` alone.
    func linear(withoutBias name: String) throws -> Linear {
        Linear(weight: try tensor("\(name).weight"), bias: nil)
    }

    /// The norm of `name.weight` and `name.bias`.
    func layerNorm(_ name: String, epsilon: Double) throws -> LayerNorm {
        LayerNorm(gain: try tensor("\(name).weight"), bias: try tensor("\(name).bias"), epsilon: Float(epsilon))
    }
}

import AttentionLayers
import AttentionTensors

extension Request {
    /// The map whose parameters are `name.weight` and, unless it has none, `name.bias`.
    func linear(_ name: String, hasBias: Bool = true) throws -> Linear {
        Linear(weight: try tensor("\(name).weight"), bias: hasBias ? try tensor("\(name).bias") : nil)
    }

    /// The norm whose parameters are `name.weight` and `name.bias`.
    func layerNorm(_ name: String, epsilon: Double) throws -> LayerNorm {
        LayerNorm(gain: try tensor("\(name).weight"), bias: try tensor("\(name).bias"), epsilon: Float(epsilon))
    }
}

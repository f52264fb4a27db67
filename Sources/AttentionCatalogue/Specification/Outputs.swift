public import AttentionTensors

/// What a computation gives, by name: `output`, `weights`, …
///
/// `["output": .real(context), "weights": .real(weights)]`
public typealias Outputs = [String: OutputTensor]

/// One result.
public enum OutputTensor: Sendable {
    /// Numbers; part of the graph, unless there is no derivative.
    case real(Tensor)
    /// Indices.
    case integers([Int], shape: Shape)
    /// Truth values.
    case truths(Mask)
}

public import AttentionTensors

/// What a computation gives, by name: `output`, `weights`, …
///
/// `["output": .real(context), "weights": .real(weights)]`
public typealias Outputs = [String: OutputTensor]

/// One result.
public enum OutputTensor: Sendable {
    /// Numbers; part of the graph, unless there is no derivative.
    case real(Tensor)
    /// Numbers as above, to be written in another type: what an operator on 16-bit numbers gives.
    case rounded(Tensor, to: ElementType)
    /// Indices.
    case integers([Int], shape: Shape)
    /// Truth values.
    case truths(Mask)

    /// The numbers, if these are numbers with a derivative.
    public var tensor: Tensor? {
        switch self {
        case .real(let tensor), .rounded(let tensor, _): tensor
        case .integers, .truths: nil
        }
    }
}

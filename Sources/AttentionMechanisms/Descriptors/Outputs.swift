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

extension OutputTensor {
    /// This result as it stands in a file.
    /// - Throws: `ShapeError` unless there are as many integers as the shape has elements.
    public func entry(named name: String) throws(ShapeError) -> Safetensors.Entry {
        switch self {
        case .real(let tensor): Safetensors.Entry(name, tensor)
        case .rounded(let tensor, .float16): Safetensors.Entry(name, tensor, as: .float16)
        case .rounded(let tensor, .bfloat16): Safetensors.Entry(name, tensor, as: .bfloat16)
        case .rounded(let tensor, .float64):
            try Safetensors.Entry(name, tensor.values.map(Double.init), shape: tensor.shape)
        case .rounded(let tensor, _): Safetensors.Entry(name, tensor)
        case .integers(let integers, let shape): try Safetensors.Entry(name, integers, shape: shape)
        case .truths(let mask): Safetensors.Entry(name, mask)
        }
    }
}

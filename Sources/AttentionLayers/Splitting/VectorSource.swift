/// What has written a part of a vector inside a Transformer. Layers and heads are counted from 0.
public enum VectorSource: Sendable, Hashable {
    /// The biases of norms and maps: what is there whatever is read.
    case biases
    /// The vector of the token itself.
    case token
    /// The vector of its position.
    case position
    /// The vector of the text that it belongs to.
    case segment
    /// One head of an earlier layer.
    case head(Int, layer: Int)
    /// One head by which an earlier layer of a decoder looks at the source.
    case crossHead(Int, layer: Int)
    /// The feed-forward network of an earlier layer, its biases too.
    case feedForward(layer: Int)

    /// What people call it, counted from 1.
    public var name: String {
        switch self {
        case .biases: "biases"
        case .token: "token"
        case .position: "position"
        case .segment: "segment"
        case .head(let head, let layer): "head \(layer + 1).\(head + 1)"
        case .crossHead(let head, let layer): "cross head \(layer + 1).\(head + 1)"
        case .feedForward(let layer): "feed-forward \(layer + 1)"
        }
    }

    /// What it is a part of: the attention of its layer if it is a head, else itself.
    public var group: String {
        switch self {
        case .head(_, let layer): "attention \(layer + 1)"
        case .crossHead(_, let layer): "cross attention \(layer + 1)"
        default: name
        }
    }
}

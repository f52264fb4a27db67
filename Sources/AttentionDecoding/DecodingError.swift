public import AttentionTensors

/// A search that cannot be done, or not be finished.
public enum DecodingError: Error, Sendable, Hashable {
    /// The decoder refused a step, or gave tensors that do not fit its state.
    case shape(ShapeError)
    /// A setting of the search makes no sense.
    case setting(name: String, expected: String, found: String)
    /// The decoder's logits hold a NaN or +∞, which cannot be ranked.
    case unrankedLogits(source: Int, step: Int)
    /// The task that searches was cancelled.
    case cancelled
}

extension DecodingError {
    /// Does work on tensors; what is wrong with a shape there is wrong with the search.
    static func wrapping<Result>(_ work: () throws(ShapeError) -> Result) throws(DecodingError) -> Result {
        do { return try work() } catch { throw .shape(error) }
    }
}

extension DecodingError: CustomStringConvertible {
    /// One sentence: what was expected and what was found.
    public var description: String {
        switch self {
        case .shape(let error): error.description
        case .setting(let name, let expected, let found): "search: expected \(expected) as \(name), found \(found)"
        case .unrankedLogits(let source, let step):
            "search: expected logits that are numbers below infinity, found another at step \(step) of source \(source); "
                + "the model's parameters are damaged or its training diverged"
        case .cancelled: "search: cancelled"
        }
    }
}

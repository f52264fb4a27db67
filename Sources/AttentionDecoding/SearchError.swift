public import AttentionTensors

/// A search that cannot be done, or not be finished.
public enum SearchError: Error, Sendable, Hashable {
    /// The decoder refused a step, or gave tensors that do not fit its state.
    case shape(ShapeError)
    /// A setting of the search makes no sense.
    case setting(name: String, expected: String, found: String)
    /// The decoder's logits hold a NaN or +∞, which cannot be ranked.
    case unrankedLogits(source: Int, step: Int)
    /// The task that searches was cancelled.
    case cancelled
}

extension SearchError {
    /// Does work on tensors; what is wrong with a shape there is wrong with the search.
    static func wrapping<Result>(_ work: () throws(ShapeError) -> Result) throws(SearchError) -> Result {
        do { return try work() } catch { throw .shape(error) }
    }
}

extension SearchError: CustomStringConvertible {
    /// One sentence: what was expected, what was found and the way out, where there is more to do than what was expected.
    public var description: String {
        switch self {
        case .shape(let error): error.description
        case .setting(let name, let expected, let found): "search: expected \(expected) as \(name), found \(found)"
        case .unrankedLogits(let source, let step):
            "search: expected logits that are numbers below infinity, found another at step \(step) of source \(source); "
                + "the model's parameters are damaged or its training diverged: "
                + "take an earlier checkpoint, or train at a lower rate"
        case .cancelled: "search: cancelled before it was done; start it again for a result"
        }
    }
}

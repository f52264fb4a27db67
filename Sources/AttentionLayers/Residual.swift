public import AttentionTensors

/// Where the norm of a residual branch stands.
public enum NormOrder: String, Sendable, Codable, CaseIterable {
    /// x + dropout(f(norm(x))) (Xiong et al. 2020).
    case pre
    /// norm(x + dropout(f(x))) (Vaswani et al. 2017, sec. 3.1 and 5.4).
    case post
}

/// A residual branch around a sub-layer, written once for both norm orders.
public struct Residual: Module {
    /// The norm before the branch or after the sum; nil for none.
    public var norm: (any Norm)?
    /// Where the norm stands.
    public let order: NormOrder
    /// The norm of what the branch gives, before it is added; nil for none (Gemma Team 2024, *Gemma 2*, sec. 2; OLMo Team 2025, *2 OLMo 2
    /// Furious*, sec. 2.1).
    public var branchNorm: (any Norm)?
    /// The probability of dropping an element of the branch in training.
    public let dropout: Float

    /// A branch with these norms.
    public init(norm: (any Norm)?, order: NormOrder, branchNorm: (any Norm)? = nil, dropout: Float = 0) {
        self.norm = norm
        self.order = order
        self.branchNorm = branchNorm
        self.dropout = dropout
    }

    /// A branch for vectors of `size`.
    public init(_ size: Int, order: NormOrder, dropout: Float) {
        self.init(norm: LayerNorm(size), order: order, dropout: dropout)
    }

    /// x with the branch added, [..., M] → [..., M].
    public func callAsFunction(
        _ x: Tensor, training key: RandomKey?, _ sublayer: (Tensor) throws(ShapeError) -> Tensor
    ) throws(ShapeError) -> Tensor {
        switch order {
        case .pre: x + drop(try normedBranch(try fitting(try sublayer(try normed(x)), x)), key)
        case .post: try normed(x + drop(try normedBranch(try fitting(try sublayer(x), x)), key))
        }
    }

    /// As above, for a branch that ends with a map, which writes the sum in one pass: x + dropout(last(branch)).
    ///
    /// - Parameter read: what the branch reads instead of x, where branches stand side by side.
    public func callAsFunction(
        _ x: Tensor, reading read: Tensor? = nil, training key: RandomKey?, through last: Linear,
        _ sublayer: (Tensor) throws(ShapeError) -> Tensor
    ) throws(ShapeError) -> Tensor {
        let read = read ?? x
        let branch = try sublayer(order == .pre ? try normed(read) : read)
        let sum: Tensor
        if branchNorm == nil {
            sum = try last(
                branch, dropout: key.map { Dropout(dropout, key: $0) }, residual: x, training: key?[0])
        } else {
            sum = x + drop(try normedBranch(try last(branch, training: key?[0])), key)
        }
        return order == .pre ? sum : try normed(sum)
    }

    /// x under the norm, if there is one.
    func normed(_ x: Tensor) throws(ShapeError) -> Tensor {
        guard let norm else { return x }
        return try norm(x)
    }

    private func normedBranch(_ x: Tensor) throws(ShapeError) -> Tensor {
        guard let branchNorm else { return x }
        return try branchNorm(x)
    }

    /// What can be added to x.
    private func fitting(_ branch: Tensor, _ x: Tensor) throws(ShapeError) -> Tensor {
        guard branch.shape == x.shape else {
            throw ShapeError("Residual", expected: "a branch \(x.shape)", found: "\(branch.shape)")
        }
        return branch
    }

    private func drop(_ branch: Tensor, _ key: RandomKey?) -> Tensor {
        key.map { branch.dropout(dropout, key: $0) } ?? branch
    }

    /// The norm's `weight` and `bias`; those of the branch's norm under `branch.…`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try norm?.visit(&visitor, path)
        try branchNorm?.visit(&visitor, path / "branch")
    }
}

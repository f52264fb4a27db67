package import AttentionTensors

extension Residual {
    /// What the branch reads.
    package func read(_ x: SplitState) throws(ShapeError) -> SplitState {
        order == .pre ? try x.normed(by: norm) : x
    }

    /// x with the branch added.
    ///
    /// - Parameter other: what the branch reads instead of x, where branches stand side by side.
    package func split(
        _ x: SplitState, reading other: SplitState? = nil, _ branch: (SplitState) throws(ShapeError) -> SplitState
    ) throws(ShapeError) -> SplitState {
        let sum = try x.adding(try branch(try read(other ?? x)).normed(by: branchNorm))
        return order == .post ? try sum.normed(by: norm) : sum
    }
}

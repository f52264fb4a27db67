/// A backward pass that goes only as far as somebody asks.
///
/// What flows back to a leaf is known as soon as the first step that was computed from it has been passed. Whoever needs the gradient then need not wait for
/// the others:
///
/// ```swift
/// var pass = try BackwardPass(from: loss)
/// for leaf in leaves.reversed() { send(pass.takeGradient(of: leaf)) }
/// ```
///
/// In whatever order they are asked for, gradients have the bits that `gradients()` gives them.
package struct BackwardPass: Sendable {
    private var gradients = Gradients()

    /// A pass from this scalar that has not gone anywhere.
    /// - Throws: `ShapeError` if it is not a single number.
    package init(from result: Tensor) throws(ShapeError) {
        let upstream = try result.upstreamOfScalar()
        gradients.add(upstream, to: result)
    }

    /// The gradient with respect to this tracked leaf, of the same shape, which is then gone from here; nil if the result does not depend on it, or it is no leaf:
    /// what flows to a step stays where the pass will look for it.
    /// - Complexity: that of the steps down to the first that was computed from the leaf, as far as they have not been passed.
    package mutating func takeGradient(of leaf: Tensor) -> Tensor? {
        guard let node = leaf.node, node.pullback == nil else { return nil }
        gradients.propagate(downTo: node.firstUse)
        return gradients.take(node)
    }
}

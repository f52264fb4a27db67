import Synchronization

/// One step of a computation: how its gradient flows back to what it was computed from.
///
/// Nodes are numbered in the order they are made, so a step's number is higher than those of everything it was computed
/// from; walking down the numbers visits every step after all its uses. The pullback keeps the inputs alive by capture.
///
/// A graph is as deep as its computation is long, so it is not freed by recursion: a node that goes hands its pullback to `Release`.
package final class Node: Sendable {
    /// Adds the gradients of a step's inputs, given the gradient of its output.
    package typealias Pullback = @Sendable (_ upstream: Tensor, _ gradients: inout Gradients) -> Void

    let identifier: UInt64
    /// Nil for a leaf: a parameter. Written by `init` and by `deinit` alone, when nobody else can see the node: so it may be read unsynchronised.
    nonisolated(unsafe) private(set) var pullback: Pullback?
    /// Of a leaf: what products laid out of it that apply it to a few rows at a time, as a recurrence does at each of its steps.
    let steppedForms: PackedForms?
    /// Of a leaf: the lowest number of a step that was computed from it. Signed, since `min` compares unsigned numbers as if they had a sign, too
    /// (Swift 6.3).
    private let lowestUse = Atomic<Int>(.max)

    private static let counter = Atomic<UInt64>(0)

    init(pullback: Pullback?) {
        identifier = Self.counter.wrappingAdd(1, ordering: .relaxed).newValue
        self.pullback = pullback
        steppedForms = pullback == nil ? PackedForms() : nil
    }

    deinit {
        if pullback != nil { Release.take(&pullback) }
    }

    /// Of a leaf: the first step that was computed from it; no number is higher where there is none. When a walk down the numbers has passed it, nothing more
    /// flows back to the leaf.
    var firstUse: UInt64 { UInt64(lowestUse.load(ordering: .relaxed)) }

    /// Makes known that `step` has been computed from this.
    fileprivate func isUsed(by step: Node) {
        if pullback == nil { lowestUse.min(Int(step.identifier), ordering: .relaxed) }
    }
}

extension Tensor {
    /// The same values as a leaf whose gradient `gradients()` reports.
    public func tracked() -> Tensor {
        var leaf = self
        leaf.node = Node(pullback: nil)
        return leaf
    }

    /// The same values outside any graph: gradients stop here.
    public func detached() -> Tensor {
        var constant = self
        constant.node = nil
        return constant
    }

    /// Whether gradients flow through this tensor.
    public var isTracked: Bool { node != nil }

    /// This freshly computed value with the pullback of its computation, if any of the inputs is tracked. The pullback adds to the gradients of these alone.
    package func derived(from inputs: Tensor..., pullback: @escaping Node.Pullback) -> Tensor {
        derived(from: inputs, pullback: pullback)
    }

    /// As above, for a list of inputs.
    package func derived(from inputs: [Tensor], pullback: @escaping Node.Pullback) -> Tensor {
        inputs.contains(where: \.isTracked) ? following(inputs, pullback) : self
    }

    /// This freshly computed value, through which gradients flow this way to the inputs.
    func following(_ inputs: [Tensor], _ pullback: @escaping Node.Pullback) -> Tensor {
        let node = Node(pullback: pullback)
        for input in inputs { input.node?.isUsed(by: node) }
        var result = self
        result.node = node
        return result
    }
}

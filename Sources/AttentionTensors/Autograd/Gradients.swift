internal import CAttentionKernels

/// The derivatives of a scalar with respect to tracked leaves, looked up by the leaf: `gradients[weight]`.
public struct Gradients: Sendable {
    private var values: [UInt64: Tensor] = [:]
    private var pending: [UInt64: Node] = [:]
    private var order = MaximumHeap()
    private var stepped: [UInt64: SteppedProduct] = [:]
    /// The step whose pullback runs.
    private var running: UInt64?

    /// The gradient with respect to this tracked leaf, of the same shape; nil if the result does not depend on it.
    public subscript(leaf: Tensor) -> Tensor? {
        guard let node = leaf.node else { return nil }
        return values[node.identifier]
    }

    /// Adds `gradient` to what has flowed back to `tensor` so far.
    package mutating func add(_ gradient: @autoclosure () -> Tensor, to tensor: Tensor) {
        guard let node = tensor.node else { return }
        let gradient = gradient()
        assert(gradient.shape == tensor.shape, "gradient \(gradient.shape) for \(tensor.shape)")
        schedule(node)
        guard var sum = values.removeValue(forKey: node.identifier) else {
            values[node.identifier] = gradient.detached()
            return
        }
        gradient.withElements { addend in
            sum.withMutableElements { total in
                let (total, count) = (total, gradient.shape.elementCount)
                Parallel.forEachChunk(of: count, grain: 65536) { range in
                    kernels.add(
                        total + range.lowerBound, total + range.lowerBound, addend + range.lowerBound, range.count)
                }
            }
        }
        values[node.identifier] = sum
    }

    /// Adds the gradients of a computation within this one: those of its inputs to what they stand for, those of all other leaves to their own.
    mutating func absorb(_ inner: Gradients, of inputs: [(leaf: Tensor, outer: Tensor)]) {
        var rest = inner.values
        for (leaf, outer) in inputs {
            guard let node = leaf.node, let gradient = rest.removeValue(forKey: node.identifier) else { continue }
            add(gradient, to: outer)
        }
        for (identifier, gradient) in rest { values[identifier] = values[identifier].map { $0 + gradient } ?? gradient }
    }

    /// Lets `write` add to the gradient of `tensor` in place, starting from zeros: for operations that touch a part of it.
    package mutating func accumulate(to tensor: Tensor, _ write: (UnsafeMutablePointer<Float>) -> Void) {
        guard let node = tensor.node else { return }
        schedule(node)
        var sum = values.removeValue(forKey: node.identifier) ?? Tensor.zeros(tensor.shape)
        sum.withMutableElements(write)
        values[node.identifier] = sum
    }

    /// Adds Aᵀ B for A [rows, O], B [rows, I] to the gradient of a weight [O, I]. Those of a leaf's single steps wait for each other.
    mutating func accumulateProduct(of a: Tensor, and b: Tensor, to weight: Tensor, _ precision: Precision) {
        guard let node = weight.node else { return }
        schedule(node)
        let step = SteppedProduct(weight: weight, precision: precision, a, b)
        guard node.pullback == nil, step.rowCount <= SteppedProduct.rowLimit else { return settle(step) }
        guard stepped[node.identifier]?.append(step) != true else { return }
        if let earlier = stepped.updateValue(step, forKey: node.identifier) { settle(earlier) }
    }

    private mutating func settle(_ product: SteppedProduct) {
        if self[product.weight] == nil {
            add(Tensor(shape: product.weight.shape) { product.write($0, accumulate: false) }, to: product.weight)
        } else {
            accumulate(to: product.weight) { product.write($0, accumulate: true) }
        }
    }

    private mutating func schedule(_ node: Node) {
        guard node.pullback != nil else { return expectUse(of: node) }
        guard pending[node.identifier] == nil else { return }
        pending[node.identifier] = node
        order.insert(node.identifier)
    }

    /// Nothing may flow to a leaf whose gradient somebody may have taken already.
    private func expectUse(of leaf: Node) {
        guard let running else { return }
        precondition(
            leaf.firstUse <= running,
            "gradients: expected a step to name all that it was computed from, found one that adds to another leaf")
    }

    /// Runs the pending pullbacks of this step and of those after it, latest first. Gradients of intermediate steps are freed as soon as they are used.
    mutating func propagate(downTo step: UInt64) {
        while let identifier = order.removeMaximum(atLeast: step), let node = pending.removeValue(forKey: identifier),
            let pullback = node.pullback, let upstream = values.removeValue(forKey: identifier)
        {
            running = identifier
            pullback(upstream, &self)
        }
        running = nil
    }

    /// Takes out what has flowed back to a leaf so far.
    mutating func take(_ leaf: Node) -> Tensor? {
        if let product = stepped.removeValue(forKey: leaf.identifier) { settle(product) }
        return values.removeValue(forKey: leaf.identifier)
    }

    /// Runs every pending pullback.
    fileprivate mutating func propagate() {
        propagate(downTo: 0)
        for product in stepped.values { settle(product) }
        stepped = [:]
    }
}

extension Tensor {
    /// The gradients of this scalar with respect to every tracked leaf it was computed from (reverse-mode differentiation).
    ///
    /// - Throws: `ShapeError` if this is not a single number.
    /// - Complexity: a small multiple of the forward computation.
    public func gradients() throws(ShapeError) -> Gradients { gradients(upstream: try upstreamOfScalar()) }

    /// The gradients of ⟨upstream, self⟩: the vector–Jacobian product.
    /// - Precondition: `upstream` has this tensor's shape.
    public func gradients(upstream: Tensor) -> Gradients {
        precondition(upstream.shape == shape, "gradients: expected an upstream of \(shape), found \(upstream.shape)")
        var gradients = Gradients()
        gradients.add(upstream, to: self)
        gradients.propagate()
        return gradients
    }

    /// What flows into the backward pass of a scalar: 1.
    func upstreamOfScalar() throws(ShapeError) -> Tensor {
        guard shape.elementCount == 1 else {
            throw ShapeError(
                "gradients", expected: "a scalar", found: "\(shape)", wayOut: "sum or average it first")
        }
        return .ones(shape)
    }
}

/// A binary heap of step numbers.
private struct MaximumHeap: Sendable {
    private var items: [UInt64] = []

    mutating func insert(_ item: UInt64) {
        items.append(item)
        var child = items.count - 1
        while child > 0, items[(child - 1) / 2] < items[child] {
            items.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func removeMaximum(atLeast bound: UInt64) -> UInt64? {
        guard let maximum = items.first, maximum >= bound, let last = items.popLast() else { return nil }
        guard !items.isEmpty else { return maximum }
        items[0] = last
        var parent = 0
        while true {
            var largest = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < items.count && items[child] > items[largest] {
                largest = child
            }
            if largest == parent { return maximum }
            items.swapAt(parent, largest)
            parent = largest
        }
    }
}

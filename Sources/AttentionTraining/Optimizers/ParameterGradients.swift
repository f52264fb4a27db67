public import AttentionTensors
internal import CAttentionKernels

/// Gradients by parameter name, summed over the micro-batches of an update.
public struct ParameterGradients: Sendable {
    private var sums: [String: Tensor] = [:]

    /// Nothing yet: a sum of no gradients.
    public init() {}

    /// The sum for a parameter; nil if no result so far depended on it.
    public subscript(name: String) -> Tensor? {
        get { sums[name] }
        set { sums[name] = newValue }
    }

    /// The parameters that have one, in alphabetical order.
    public var names: [String] { sums.keys.sorted() }

    /// Adds the gradients with respect to the trained parameters of a tracked module.
    public mutating func add(_ gradients: Gradients, of tracked: some Module) {
        for (name, parameter) in tracked.parameters() {
            if parameter.role == .trained, let gradient = gradients[parameter] { add(gradient, to: name) }
        }
    }

    /// Adds the sums of others, each to that of the same parameter.
    public mutating func add(_ others: ParameterGradients) {
        for name in others.names {
            if let gradient = others[name] { add(gradient, to: name) }
        }
    }

    /// Adds to the sum for a parameter.
    mutating func add(_ gradient: Tensor, to name: String) {
        // Taken out of the dictionary, so that there is a single owner and the addition is done in place.
        guard var sum = sums.removeValue(forKey: name) else {
            sums[name] = gradient
            return
        }
        sum.add(gradient)
        sums[name] = sum
    }

    /// √Σ g² over all elements of all parameters.
    ///
    /// Blocks of fixed size are summed in a fixed order, in double precision: the same bits with any number of threads.
    public func norm() -> Float { Float(sumOfSquares(of: names).squareRoot()) }

    /// Σ g² over the elements of the parameters of these names, in their order.
    func sumOfSquares(of names: [String]) -> Double {
        names.compactMap { sums[$0]?.sumOfSquares() }.reduce(0, +)
    }
}

/// What gradients of this norm are multiplied by so that their norm is at most `limit`: min(1, limit / norm)
/// (Pascanu, Mikolov & Bengio 2013, algorithm 1).
public func clippingFactor(norm: Float, limit: Float) -> Float {
    norm > limit ? limit / norm : 1
}

extension Tensor {
    fileprivate mutating func add(_ addend: Tensor) {
        let count = addend.shape.elementCount
        addend.withElements { addend in
            withMutableElements { total in
                Parallel.forEachChunk(of: count, grain: 65536) { range in
                    let start = total + range.lowerBound
                    kernels.add(start, start, addend + range.lowerBound, range.count)
                }
            }
        }
    }

    /// Σ x², in double precision, by blocks of fixed size in a fixed order: the same bits with any number of threads.
    func sumOfSquares() -> Double {
        let blockSize = 65536
        let count = shape.elementCount
        let blockCount = (count + blockSize - 1) / blockSize
        var partial = [Double](repeating: 0, count: blockCount)
        withElements { elements in
            partial.withUnsafeMutableBufferPointer { partial in
                guard let out = partial.baseAddress else { return }
                Parallel.forEach(blockCount) { block in
                    let start = block * blockSize
                    out[block] = kernels.sum_of_squares(elements + start, min(blockSize, count - start))
                }
            }
        }
        return partial.reduce(0, +)
    }
}

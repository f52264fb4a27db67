public import AttentionTensors
import AttentionTesting
public import Testing

/// A layer with inputs to try it on, as a function of its parameters and inputs, so that the same laws can be checked for every layer.
public struct LayerCase: Sendable, CustomTestStringConvertible {
    public let name: String
    private let inputs: [Tensor]
    private let parameters: [(name: String, tensor: Tensor)]
    private let inert: Set<String>
    private let compute: @Sendable (_ parameters: [String: Tensor], _ inputs: [Tensor]) throws -> [Tensor]

    public var testDescription: String { name }

    /// A case with random inputs of these shapes, whose first axis is the batch, as is that of all outputs.
    /// - Parameter inert: the parameters on which nothing depends.
    public init<Layer: Module>(
        _ name: String, _ layer: Layer, _ shapes: [Shape], inert: Set<String> = [],
        _ body: @escaping @Sendable (_ layer: Layer, _ inputs: [Tensor]) throws -> [Tensor]
    ) {
        self.name = name
        self.inert = inert
        inputs = shapes.enumerated().map { .uniform($1, in: -1...1, key: RandomKey(seed: 7)[$0]) }
        parameters = layer.parameters().enumerated().map { index, named in
            // Those that start at 0 would hide mistakes.
            let noise = Tensor.uniform(named.parameter.shape, in: -0.3...0.3, key: RandomKey(seed: 8)[index])
            return (named.name, named.parameter.tensor + noise)
        }
        compute = { values, inputs in try body(layer.mapTensors { values[$0] ?? $1 }, inputs) }
    }

    /// A case without parameters.
    public init(_ name: String, _ shapes: [Shape], _ body: @escaping @Sendable (_ inputs: [Tensor]) throws -> [Tensor])
    {
        self.init(name, [Parameter](), shapes) { _, inputs in try body(inputs) }
    }

    private func outputs(_ inputs: [Tensor]) throws -> [Tensor] {
        try compute(Dictionary(uniqueKeysWithValues: parameters.map { ($0.name, $0.tensor) }), inputs)
    }

    /// The gradients of all inputs and parameters, through all outputs, are those that finite differences give.
    public func checkGradientsOfEverything() throws {
        let active = parameters.filter { !inert.contains($0.name) }
        // Many layers take maxima, rectify or read between pixels: a kink is never far.
        try checkGradients(of: inputs + active.map(\.tensor), largestStep: 0x1p-9, samples: 12) { all in
            let values = Dictionary(uniqueKeysWithValues: zip(active.map(\.name), all.dropFirst(inputs.count)))
            let outputs = try compute(values, Array(all.prefix(inputs.count)))
            return try concatenated(outputs.map { try $0.reshaped(to: [$0.shape.elementCount]) }, axis: 0)
        }
    }

    /// What an item gives does not depend on its neighbours in the batch.
    public func checkBatchIsLoop() throws {
        let together = try outputs(inputs)
        for item in 0..<inputs[0].shape[0] {
            let alone = try outputs(inputs.map { try $0.sliced(axis: 0, item..<item + 1) })
            for (output, single) in zip(together, alone) {
                expectClose(single, try output.sliced(axis: 0, item..<item + 1), tolerance: 1e-5)
            }
        }
    }

    /// A batch without items gives outputs without items.
    public func checkEmptyBatch() throws {
        let none = try outputs(inputs.map { try $0.sliced(axis: 0, 0..<0) })
        for (empty, full) in zip(none, try outputs(inputs)) {
            #expect(empty.shape.dimensions == [0] + full.shape.dimensions.dropFirst(), "\(name)")
        }
    }

    /// Inputs a thousand times as large, whose products reach 10⁶, give finite outputs and gradients.
    public func checkLargeInputs() throws {
        let leaves = inputs.map { ($0 * 1000).tracked() }
        let outputs = try outputs(leaves)
        var sum = Tensor(0)
        for output in outputs {
            #expect(output.values.allSatisfy { $0.isFinite }, "\(name)")
            sum = sum + output.sum()
        }
        let gradients = try sum.gradients()
        for leaf in leaves {
            #expect(gradients[leaf]?.values.allSatisfy { $0.isFinite } ?? true, "\(name)")
        }
    }
}

/// A batch of sequences [B, L, …] whose items end early, and the same with something else behind each end.
public struct PaddedPair {
    public let lengths: [Int]
    public let sequences: Tensor
    public let disturbed: Tensor

    /// Random sequences of this shape.
    public init(_ shape: Shape, lengths: [Int], seed: UInt64) throws {
        self.lengths = lengths
        sequences = .uniform(shape, in: -1...1, key: RandomKey(seed: seed))
        let size = shape.dimensions.dropFirst(2).reduce(1, *)
        var values = sequences.values
        for index in values.indices where index / size % shape[1] >= lengths[index / (size * shape[1])] {
            values[index] = .nan
        }
        disturbed = try Tensor(values, shape: shape)
    }
}

extension Tensor {
    /// The sub-tensors along an axis in another order.
    public func reordered(axis: Int, _ order: [Int]) throws -> Tensor {
        try concatenated(order.map { try sliced(axis: axis, $0..<$0 + 1) }, axis: axis)
    }
}

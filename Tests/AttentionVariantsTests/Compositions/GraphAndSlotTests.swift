import AttentionLayers
import AttentionMechanisms
import AttentionTensors
import AttentionTestSupport
import AttentionTesting
import AttentionVariants
import Testing

private let key = RandomKey(seed: 81)

private func random(_ shape: Shape, _ seed: UInt64) -> Tensor {
    .uniform(shape, in: -1...1, key: RandomKey(seed: seed))
}

/// A layer over nodes [N, 3] as a function of nodes, parameters and adjacency.
private struct GraphCase: Sendable {
    let parameters: [(name: String, parameter: Parameter)]
    let read: @Sendable (Tensor, Mask, [String: Tensor]) throws -> (output: Tensor, weights: Tensor)
}

private let layers: [GraphCase] = {
    let (first, second) = (
        GraphAttention(3, headSize: 2, headCount: 2, key: key),
        DynamicGraphAttention(3, headSize: 2, headCount: 2, key: key)
    )
    return [
        GraphCase(parameters: first.parameters()) { nodes, adjacency, values in
            try first.mapTensors { values[$0] ?? $1 }(nodes, adjacency: adjacency)
        },
        GraphCase(parameters: second.parameters()) { nodes, adjacency, values in
            try second.mapTensors { values[$0] ?? $1 }(nodes, adjacency: adjacency)
        },
    ]
}()

@Suite struct GraphAndSlotTests {
    /// Node 2 sees nobody.
    private static let adjacency: [[Bool]] = [
        [true, true, false, true], [false, true, true, false], [false, false, false, false], [true, false, true, true],
    ]

    private func mask(_ rows: [[Bool]]) throws -> Mask {
        try Mask(rows.flatMap { $0 }, shape: [rows.count, rows.count])
    }

    @Test func gradients() throws {
        let adjacency = try mask(Self.adjacency)
        for layer in layers {
            // Leaky rectifiers have kinks.
            try checkGradients(of: [random([4, 3], 1)] + layer.parameters.map(\.parameter.tensor), largestStep: 0x1p-8)
            {
                inputs in
                let values = zip(layer.parameters.map(\.name), inputs.dropFirst())
                return try layer.read(inputs[0], adjacency, Dictionary(uniqueKeysWithValues: values)).output
            }
        }
    }

    @Test func nodesSeeTheirNeighboursOnly() throws {
        for layer in layers {
            let nodes = random([4, 3], 1).tracked()
            let (output, weights) = try layer.read(nodes, try mask(Self.adjacency), [:])
            #expect(output.shape == [4, 4])
            #expect(try output.at(2).values == [0, 0, 0, 0])
            for (i, row) in Self.adjacency.enumerated() {
                for (j, sees) in row.enumerated() { #expect((weights[1, i, j] > 0) == sees) }
            }
            let gradient = try #require(try output.at(2).sum().gradients()[nodes])
            #expect(gradient.values.allSatisfy { $0 == 0 })
        }
    }

    @Test func namesOfNodesDoNotMatter() throws {
        let order = [2, 0, 3, 1]
        let renamed = order.map { i in order.map { j in Self.adjacency[i][j] } }
        let nodes = random([4, 3], 1)
        for layer in layers {
            let plain = try layer.read(nodes, try mask(Self.adjacency), [:]).output
            let found = try layer.read(try nodes.reordered(axis: 0, order), try mask(renamed), [:]).output
            expectClose(found, try plain.reordered(axis: 0, order))
        }
    }

    @Test func onlyTheSecondVersionCanPreferDifferently() throws {
        let everywhere = try Mask([Bool](repeating: true, count: 36), shape: [6, 6])
        func favourites(_ weights: Tensor) -> Set<Int> { Set(weights.indicesOfMaximum()) }
        var varied = false
        for seed in 1...20 as ClosedRange<UInt64> {
            let nodes = random([6, 3], seed)
            let key = RandomKey(seed: seed)
            let first = try GraphAttention(3, headSize: 4, headCount: 1, key: key)(nodes, adjacency: everywhere)
            #expect(favourites(first.weights).count == 1)
            let second = try DynamicGraphAttention(3, headSize: 4, headCount: 1, key: key)(nodes, adjacency: everywhere)
            varied = varied || favourites(second.weights).count > 1
        }
        #expect(varied)
    }

    @Test func slotsAndInputsAreSets() throws {
        let attention = SlotAttention(inputSize: 3, slotSize: 4, hiddenSize: 5, key: key)
        let (inputs, slots) = (random([2, 5, 3], 1), random([2, 3, 4], 2))
        let plain = try attention(inputs, slots: slots)
        let exchanged = try attention(inputs, slots: try slots.reordered(axis: 1, [2, 0, 1]))
        expectClose(exchanged.output, try plain.output.reordered(axis: 1, [2, 0, 1]))
        let shuffled = try attention(try inputs.reordered(axis: 1, [4, 2, 0, 1, 3]), slots: slots)
        expectClose(shuffled.output, plain.output)
        expectClose(try plain.weights.sum(axis: 2), .ones([2, 3]))
    }

    @Test func iterationsGoOnFromEachOther() throws {
        let attention = SlotAttention(inputSize: 3, slotSize: 4, hiddenSize: 5, key: key)
        let (inputs, slots) = (random([2, 5, 3], 1), random([2, 3, 4], 2))
        let once = try attention(inputs, slots: slots, iterations: 1).output
        expectClose(
            try attention(inputs, slots: once, iterations: 2).output,
            try attention(inputs, slots: slots, iterations: 3).output)
    }

    @Test func refusals() throws {
        let nodes = Tensor.ones([4, 3])
        let layer = GraphAttention(3, headSize: 2, headCount: 2, key: key)
        #expect(throws: ShapeError("graphAttention", expected: "an adjacency [4, 4]", found: "[2, 2]")) {
            try layer(nodes, adjacency: try mask([[true, true], [true, true]]))
        }
        #expect(
            throws: ShapeError(
                "graphAttention", expected: "nodes [N, F], a weight [H · D, F] and vectors [H, D]",
                found: "[4, 3], [5, 3] and [2, 2]")
        ) {
            try DynamicGraphAttention(
                targetWeight: .ones([5, 3]), sourceWeight: .ones([5, 3]), vector: .ones([2, 2]))(
                    nodes, adjacency: try mask(Self.adjacency))
        }
        #expect(
            throws: ShapeError(
                "slotAttention", expected: "inputs [B, N, F], slots [B, K, D] and at least one iteration",
                found: "[1, 2, 3], [1, 2, 4] and 0")
        ) {
            try SlotAttention(inputSize: 3, slotSize: 4, hiddenSize: 5, key: key)(
                .ones([1, 2, 3]), slots: .ones([1, 2, 4]), iterations: 0)
        }
    }
}

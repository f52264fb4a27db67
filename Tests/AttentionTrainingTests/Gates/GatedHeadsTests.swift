import AttentionTensors
import AttentionTraining
import Testing

/// Parts side by side, mixed by one map: y = W x, of which part h owns the columns h n … (h + 1) n − 1.
private struct ToyHeads: PrunableModule {
    static let part = PrunablePart.heads
    var mixing: Parameter
    let partCount: Int

    func keeping(_ parts: [Int]) throws(ShapeError) -> ToyHeads {
        let width = mixing.shape[1] / partCount
        let columns = parts.flatMap { $0 * width..<($0 + 1) * width }
        let kept = try mixing.tensor.transposed().selecting(columns).transposed().contiguous()
        return ToyHeads(mixing: mixing.replacing(with: kept), partCount: parts.count)
    }

    mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try visitor.visit(parts: &self, path)
        try mixing.visit(&visitor, path / "mixing")
    }

    func callAsFunction(_ x: Tensor) throws(ShapeError) -> Tensor { try linear(x, weight: mixing) }
}

@Suite struct GatedHeadsTests {
    /// Three heads of two columns, of which the second gives nothing.
    private static let heads = ToyHeads(
        mixing: Parameter(
            Tensor.uniform([2, 6], in: 0.5...1.5, key: RandomKey(seed: 1))
                * (try! Tensor([1, 1, 0, 0, 1, 1], shape: [6]))), partCount: 3)
    private static let x = Tensor.normal([16, 6], key: RandomKey(seed: 2))

    @Test func theCostIsThatOfOpenGates() throws {
        let gated = GatedHeads(Self.heads, start: 0.5)
        #expect(gated.paths == [""] && gated.gates.map(\.shape) == [[3]])
        let one = HardConcrete().openProbability(.full(0.5, [1])).values[0]
        #expect(abs(gated.openCount().scalar - 3 * one) < 1e-5)
        #expect(gated.parameters().map(\.name) == ["model.mixing", "gates.0"])
    }

    /// What a head gives is multiplied by its gate, and gradients reach both.
    @Test func gatesAreFactors() throws {
        let gated = GatedHeads(Self.heads, start: 0.2).tracked()
        let drawn = try gated.drawn(by: RandomKey(seed: 5))
        let gates = HardConcrete().drawn(.full(0.2, [3]), key: RandomKey(seed: 5)[0]).values
        for row in 0..<2 {
            for column in 0..<6 {
                let expected = Self.heads.mixing.tensor[row, column] * gates[column / 2]
                #expect(abs(drawn.mixing.tensor[row, column] - expected) < 1e-6)
            }
        }
        let gradients = try drawn(Self.x).sum().gradients()
        #expect(gradients[gated.model.mixing] != nil && gradients[gated.gates[0]] != nil)
    }

    @Test func everyAttentionKeepsAHead() throws {
        let gated = GatedHeads(Self.heads)
        func closed(_ logAlpha: [Float], protecting kept: Set<Int> = []) throws -> [Int]? {
            try gated.replacingGates([try Tensor(logAlpha, shape: [3])]).closedHeads(protecting: ["": kept])[""]
        }
        #expect(try closed([-5, 2, -4]) == [0, 2])
        #expect(try closed([-5, -3, -4]) == [0, 2])
        #expect(try closed([-5, -3, -4], protecting: [0]) == [1, 2])
        #expect(try closed([-5, 2, -4], protecting: [2]) == [0])
        #expect(try closed([1, 2, 0]) == [])
        let other = ShapeError("replacingGates", expected: "gates [[3]]", found: "[[2]]")
        #expect(throws: other) { try gated.replacingGates([.zeros([2])]) }
    }

    /// The head that nobody needs closes; those that are needed stay open, and what is left of the model says what the whole one said.
    @Test func whatIsSuperfluousCloses() throws {
        let (x, target) = (Self.x, try Self.heads(Self.x))
        var configuration = TrainingConfiguration()
        configuration.maximumUpdates = 300
        configuration.groups = [ParameterGroup("model.*", isFrozen: true)]
        var trainer = try Trainer(
            model: GatedHeads(Self.heads), schedule: ConstantSchedule(rate: 0.1),
            batches: FixedBatches(FixedExamples([0]), size: 1, seed: 1), configuration: configuration,
            loss: { gated, _, step in
                let apart = try gated.drawn(by: step.key)(x) - target
                return LossValue(total: (apart * apart).sum() + gated.openCount() * (0.01 * 16), weight: 16)
            })
        _ = try trainer.run()
        let gates = try #require(trainer.model.settledGates[""])
        #expect(gates[1] == 0 && gates[0] > 0.9 && gates[2] > 0.9, "\(gates)")
        let settled = try trainer.model.settled()
        let pruned = try settled.keepingParts(["": [0, 2]])
        #expect(pruned.parameterCount == 8)
        let rest = try x.split(sizes: [2, 2, 2], axis: 1)
        let (whole, left) = (try settled(x), try pruned(try concatenated([rest[0], rest[2]], axis: 1)))
        for (one, two) in zip(whole.values, left.values) { #expect(abs(one - two) < 1e-5) }
    }
}

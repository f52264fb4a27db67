import AttentionLayers
import AttentionMechanisms
import AttentionTensors
import AttentionTestSupport
import AttentionTesting
import Testing

private func random(_ shape: Shape, _ seed: UInt64) -> Tensor {
    .uniform(shape, in: -1...1, key: RandomKey(seed: seed))
}

@Suite struct SSRUTests {
    /// x W = (2, −4), f = (σ(0), σ(ln 3)) = (1/2, 3/4); from c = 0: c = (1, −1); then once more: c = (3/2, −7/4).
    @Test func numbersByHand() throws {
        let cell = SSRUCell(
            candidate: Linear(weight: try Tensor([2, 0, 0, -4], shape: [2, 2]), bias: nil),
            forget: Linear(
                weight: try Tensor([0, 0, 0, 1.098_612_3], shape: [2, 2]), bias: try Tensor([0, 0], shape: [2])))
        let x = try Tensor([1, 1], shape: [1, 2])
        let first = try cell(x, .zero(1, 2))
        expectClose(try #require(first.cell), try Tensor([1, -1], shape: [1, 2]))
        expectClose(first.hidden, try Tensor([1, 0], shape: [1, 2]))
        let second = try cell(x, first)
        expectClose(try #require(second.cell), try Tensor([1.5, -1.75], shape: [1, 2]))
        expectClose(second.hidden, try Tensor([1.5, 0], shape: [1, 2]))
    }

    @Test func gradientsAreTheDerivatives() throws {
        let cell = SSRUCell(4, 3, key: RandomKey(seed: 3))
        try checkGradients(of: [
            random([2, 4], 1), random([2, 3], 2), cell.candidate.weight.tensor, cell.forget.weight.tensor,
        ]) {
            var cell = cell
            cell.candidate.weight = Parameter($0[2])
            cell.forget.weight = Parameter($0[3])
            let next = try cell($0[0], RecurrentState(hidden: $0[1].relu(), cell: $0[1]))
            return try concatenated([next.hidden, try #require(next.cell)], axis: 1)
        }
    }

    @Test func inputsOfTheWrongSizeAreRefused() throws {
        let cell = SSRUCell(4, 3, key: RandomKey(seed: 3))
        #expect(throws: ShapeError.self) { try cell(random([2, 5], 1), .zero(2, 3)) }
        #expect(throws: ShapeError.self) { try cell(random([2, 4], 1), .zero(1, 3)) }
    }
}

@Suite struct RecurrentDecoderLayerTests {
    private static func layer(_ order: NormOrder) -> RecurrentDecoderLayer {
        let key = RandomKey(seed: 7)
        return RecurrentDecoderLayer(
            cell: SSRUCell(8, 8, key: key[0]), cellResidual: Residual(8, order: order, dropout: 0),
            crossAttention: MultiHeadAttention(8, headCount: 2, mechanism: AttentionMechanism(), key: key[1]),
            crossAttentionResidual: Residual(8, order: order, dropout: 0), feedForward: FeedForward(8, 12, key: key[2]),
            feedForwardResidual: Residual(8, order: order, dropout: 0))
    }

    @Test(arguments: NormOrder.allCases) func stepsAreTheWholeSequence(_ order: NormOrder) throws {
        let layer = Self.layer(order)
        let x = random([2, 5, 8], 1)
        let source = try layer.crossAttention.remember(random([2, 4, 8], 2), lengths: [4, 3])
        let whole = try layer(x, source: source, wanting: .source)
        var past = layer.past(rowCount: 2)
        for (first, last) in [(0, 1), (1, 3), (3, 5)] {
            let step = try layer.step(
                try x.sliced(axis: 1, first..<last), past: &past, source: source, wanting: .source)
            expectClose(step.output, try whole.output.sliced(axis: 1, first..<last))
            expectClose(
                try #require(step.sourceWeights), try #require(whole.sourceWeights).sliced(axis: 2, first..<last))
        }
        #expect(past.lengths == [5, 5])
    }

    /// A chunk in which one row has fewer positions leaves that row where it would be alone.
    @Test func rowsOfDifferentLengthsStandWhereTheyWouldAlone() throws {
        let layer = Self.layer(.post)
        let x = random([2, 3, 8], 1)
        let annotations = random([2, 4, 8], 2)
        let source = try layer.crossAttention.remember(annotations)
        var together = layer.past(rowCount: 2)
        _ = try layer.step(x, counts: [3, 1], past: &together, source: source)
        #expect(together.lengths == [3, 1])
        var alone = layer.past(rowCount: 1)
        let own = try layer.crossAttention.remember(try annotations.sliced(axis: 0, 1..<2))
        _ = try layer.step(try x.sliced(axis: 0, 1..<2).sliced(axis: 1, 0..<1), past: &alone, source: own)
        let next = random([1, 1, 8], 3)
        var second = try together.selecting([1])
        expectClose(
            try layer.step(next, past: &second, source: own).output,
            try layer.step(next, past: &alone, source: own).output)
    }

    @Test func gradientsAreTheDerivatives() throws {
        let layer = Self.layer(.pre)
        try checkGradients(of: [random([1, 3, 8], 1), random([1, 2, 8], 2)]) {
            try layer($0[0], source: try layer.crossAttention.remember($0[1])).output
        }
    }
}

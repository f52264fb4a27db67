import AttentionLayers
import AttentionMechanisms
import AttentionTensors
import AttentionTestSupport
import AttentionTesting
import AttentionVariants
import Testing

/// What a structured mechanism finds.
struct StructuredResult {
    /// For each of its potentials, how probable the parts are that it scores, in the same shape.
    let marginals: [Tensor]
    /// ln Z, one for each item.
    let logPartition: Tensor
}

/// The laws that every structured mechanism obeys.
struct StructuredLaws {
    /// Scores of several items, the batch in front.
    let potentials: [Tensor]
    /// The axes of each that have the sequence's length.
    let sequenceAxes: [[Int]]
    /// The mechanism, given potentials and the lengths of the items.
    let infer: ([Tensor], [Int]?) throws -> StructuredResult

    /// Marginals are the gradient of ln Z.
    func checkLogPartitionGradient(sourceLocation: SourceLocation = #_sourceLocation) throws {
        let tracked = potentials.map { $0.tracked() }
        let result = try infer(tracked, nil)
        let gradients = try result.logPartition.sum().gradients()
        for (potential, marginals) in zip(tracked, result.marginals) {
            let gradient = try #require(gradients[potential], sourceLocation: sourceLocation)
            expectClose(gradient, marginals.detached(), tolerance: 1e-6, sourceLocation: sourceLocation)
        }
    }

    /// The gradients of marginals are those of finite differences.
    func checkMarginalGradients(fileID: StaticString = #fileID, line: UInt = #line) throws {
        for output in potentials.indices {
            try checkGradients(of: potentials, fileID: fileID, line: line) { try infer($0, nil).marginals[output] }
        }
    }

    /// A batch is its items, one by one.
    func checkBatching(sourceLocation: SourceLocation = #_sourceLocation) throws {
        let whole = try infer(potentials, nil)
        for item in 0..<potentials[0].shape[0] {
            let alone = try infer(try potentials.map { try $0.sliced(axis: 0, item..<(item + 1)) }, nil)
            for (all, one) in zip(whole.marginals, alone.marginals) {
                #expect(try all.sliced(axis: 0, item..<(item + 1)).values == one.values, sourceLocation: sourceLocation)
            }
            #expect(whole.logPartition[item] == alone.logPartition[0], sourceLocation: sourceLocation)
        }
    }

    /// Padding, whatever it holds, changes nothing, and has marginals and gradients of 0.
    func checkPadding(sourceLocation: SourceLocation = #_sourceLocation) throws {
        let (batch, length) = (potentials[0].shape[0], potentials[0].shape[sequenceAxes[0][0]])
        var padded = potentials
        for (index, axes) in sequenceAxes.enumerated() {
            for axis in axes {
                var sizes = padded[index].shape.dimensions
                sizes[axis] = 2
                padded[index] = try concatenated([padded[index], .full(3e4, Shape(sizes))], axis: axis)
            }
        }
        let short = [Int](repeating: length, count: batch)
        let tracked = padded.map { $0.tracked() }
        let (bare, found) = (try infer(potentials, nil), try infer(tracked, short))
        #expect(found.logPartition.values == bare.logPartition.values, sourceLocation: sourceLocation)
        let loss = try zip(found.marginals, bare.marginals).reduce(found.logPartition.sum()) { sum, pair in
            let inside = try unpadded(pair.0, to: pair.1.shape)
            #expect(inside.values == pair.1.values, sourceLocation: sourceLocation)
            #expect(
                abs(pair.0.sum().scalar - pair.1.sum().scalar) < 1e-3, "padding has marginals",
                sourceLocation: sourceLocation)
            return sum + (pair.0 * pair.0).sum()
        }
        let gradients = try loss.gradients()
        for (potential, original) in zip(tracked, potentials) {
            let gradient = try #require(gradients[potential], sourceLocation: sourceLocation)
            let inside = try unpadded(gradient, to: original.shape)
            let (all, own) = (gradient.values.map(abs).reduce(0, +), inside.values.map(abs).reduce(0, +))
            #expect(abs(all - own) < 1e-4 * (1 + own), "padding has gradients", sourceLocation: sourceLocation)
        }
    }

    /// Scores of ±10 000 give probabilities, and finite gradients.
    func checkLargeScores(sourceLocation: SourceLocation = #_sourceLocation) throws {
        let tracked = potentials.map { ($0 * 1e4).tracked() }
        let result = try infer(tracked, nil)
        #expect(result.logPartition.values.allSatisfy { $0.isFinite }, sourceLocation: sourceLocation)
        var loss = Tensor(0)
        for marginals in result.marginals {
            #expect(marginals.values.allSatisfy { $0 >= 0 && $0 < 1.000_001 }, sourceLocation: sourceLocation)
            loss = loss + (marginals * marginals).sum()
        }
        let gradients = try loss.gradients()
        for potential in tracked {
            let gradient = try #require(gradients[potential], sourceLocation: sourceLocation)
            #expect(gradient.values.allSatisfy { $0.isFinite }, sourceLocation: sourceLocation)
        }
    }

    /// Items of length 0 have ln Z = 0, and marginals and gradients of 0.
    func checkEmptyItems(sourceLocation: SourceLocation = #_sourceLocation) throws {
        let tracked = potentials.map { $0.tracked() }
        let result = try infer(tracked, [Int](repeating: 0, count: potentials[0].shape[0]))
        #expect(result.logPartition.values.allSatisfy { $0 == 0 }, sourceLocation: sourceLocation)
        #expect(result.marginals.allSatisfy { $0.values.allSatisfy { $0 == 0 } }, sourceLocation: sourceLocation)
        let loss = result.marginals.reduce(result.logPartition.sum()) { $0 + $1.sum() }
        let gradients = try loss.gradients()
        for potential in tracked {
            #expect(gradients[potential]?.values.allSatisfy { $0 == 0 } ?? true, sourceLocation: sourceLocation)
        }
    }

    /// The corner of a tensor that has a smaller shape.
    private func unpadded(_ tensor: Tensor, to shape: Shape) throws -> Tensor {
        try (0..<shape.rank).reduce(tensor) { try $0.sliced(axis: $1, 0..<shape[$1]) }
    }
}

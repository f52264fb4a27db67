import AttentionLayers
import AttentionMechanisms
import AttentionTensors
import AttentionTestSupport
import AttentionVariants
import Testing

/// Linear chains against all label sequences.
@Suite struct LinearChainTests {
    private func random(_ shape: Shape, _ seed: Int, deviation: Float = 1) -> Tensor {
        .normal(shape, deviation: deviation, key: RandomKey(seed: 60)[seed])
    }

    /// The laws of a chain whose marginals are those of the labels.
    private func laws(length: Int) -> StructuredLaws {
        let chain = LinearChain(
            transition: random([3, 3], 1), start: random([3], 2), end: random([3], 3))
        return StructuredLaws(potentials: [random([3, length, 3], 4)], sequenceAxes: [[1]]) { potentials, lengths in
            let found = try chain.marginals(unary: potentials[0], lengths: lengths)
            return StructuredResult(marginals: [found.labels], logPartition: found.logPartition)
        }
    }

    @Test(arguments: [1, 2, 5]) func laws(ofLength length: Int) throws {
        let laws = laws(length: length)
        try laws.checkLogPartitionGradient()
        try laws.checkMarginalGradients()
        try laws.checkBatching()
        try laws.checkPadding()
        try laws.checkLargeScores()
        try laws.checkEmptyItems()
    }

    /// Marginals, ln Z and the gradients of both for every parameter, all ends and no ends.
    @Test(arguments: [(1, 3), (2, 2), (3, 4), (5, 3), (6, 2)], [true, false])
    func `marginals are those of all label sequences`(size: (length: Int, labels: Int), hasEnds: Bool) throws {
        let (length, labels) = size
        let unary = random([1, length, labels], 5, deviation: 2).tracked()
        let transition = random([labels, labels], 6, deviation: 2).tracked()
        let ends = [7, 8].map { (hasEnds ? random([labels], $0) : .zeros([labels])).tracked() }
        let chain = LinearChain(
            transition: transition, start: hasEnds ? ends[0] : nil, end: hasEnds ? ends[1] : nil)
        let found = try chain.marginals(unary: unary)

        // The parts: unary, transition, start, end.
        let (firstPair, firstEnd) = (length * labels, length * labels + labels * labels)
        let enumeration = Enumeration(
            structures: labelSequences(length: length, labelCount: labels).map { sequence in
                sequence.enumerated().map { $0 * labels + $1 }
                    + zip(sequence, sequence.dropFirst()).map { firstPair + $0 * labels + $1 }
                    + [firstEnd + sequence[0], firstEnd + labels + sequence[length - 1]]
            }, potentials: ([unary, transition] + ends).flatMap { $0.values.map(Double.init) })
        let marginals = enumeration.marginals
        expectEnumerated(found.logPartition, [enumeration.logPartition], "log partition")
        expectEnumerated(found.labels, Array(marginals[..<firstPair]), "labels")
        expectEnumerated(try found.pairs.sum(axis: 1), Array(marginals[firstPair..<firstEnd]), "pairs")

        let upstream = random([1, length, labels], 9)
        let pairUpstream = random([labels, labels], 10)
        let loss = (found.labels * upstream).sum() + (found.pairs * pairUpstream).sum()
        let gradients = try loss.gradients()
        let expected = enumeration.gradient(
            upstream: (upstream.values + pairUpstream.values + Tensor.zeros([2 * labels]).values).map(Double.init))
        expectEnumerated(try #require(gradients[unary]), Array(expected[..<firstPair]), "unary")
        expectEnumerated(try #require(gradients[transition]), Array(expected[firstPair..<firstEnd]), "transition")
        guard hasEnds else { return }
        expectEnumerated(
            try #require(gradients[ends[0]]), Array(expected[firstEnd..<(firstEnd + labels)]), "start")
        expectEnumerated(try #require(gradients[ends[1]]), Array(expected[(firstEnd + labels)...]), "end")
    }

    @Test func `pairs sum to the labels they join`() throws {
        let chain = LinearChain(transition: random([3, 3], 11))
        let found = try chain.marginals(unary: random([2, 6, 3], 12))
        expectClose(try found.pairs.sum(axis: 3), try found.labels.sliced(axis: 1, 0..<5), tolerance: 1e-6)
        expectClose(try found.pairs.sum(axis: 2), try found.labels.sliced(axis: 1, 1..<6), tolerance: 1e-6)
    }

    @Test func `without transitions a chain is softmax`() throws {
        let unary = random([2, 4, 3], 13)
        let found = try LinearChain(transition: .zeros([3, 3])).marginals(unary: unary)
        expectClose(found.labels, try unary.softmax(), tolerance: 1e-6)
    }

    @Test func `forbidden labels are never taken, and nothing is where all are forbidden`() throws {
        let unary = try Tensor([0.5, -.infinity, 1, 2, -.infinity, -.infinity, 0, 1], shape: [2, 2, 2]).tracked()
        let found = try LinearChain(transition: random([2, 2], 14)).marginals(unary: unary)
        #expect(found.labels[0, 0, 1] == 0)
        #expect(found.labels[0, 0, 0] == 1)
        #expect(found.logPartition[1] == -.infinity)
        #expect(try found.labels.at(1).values == [0, 0, 0, 0])
        let gradients = try (found.labels * found.labels).sum().gradients()
        #expect(try #require(gradients[unary]).values.allSatisfy { $0.isFinite })
    }

    @Test func `sequences of no position have nothing`() throws {
        let found = try LinearChain(transition: .zeros([2, 2])).marginals(unary: .zeros([3, 0, 2]))
        #expect(found.labels.shape == [3, 0, 2])
        #expect(found.pairs.shape == [3, 0, 2, 2])
        #expect(found.logPartition.values == [0, 0, 0])
        let none = try LinearChain(transition: .zeros([2, 2])).marginals(unary: .zeros([0, 4, 2]))
        #expect(none.labels.shape == [0, 4, 2])
    }

    @Test func `what does not fit is refused with both shapes`() throws {
        let chain = LinearChain(transition: .zeros([3, 2]))
        let error = #expect(throws: ShapeError.self) { try chain.marginals(unary: .zeros([1, 4, 3])) }
        #expect(
            error?.description
                == "linearChain: expected unary [B, L, C] and transition [C, C], found [1, 4, 3] and [3, 2]")
        let square = LinearChain(transition: .zeros([3, 3]), start: .zeros([2]))
        #expect(throws: ShapeError.self) { try square.marginals(unary: .zeros([1, 4, 3])) }
        let lengths = #expect(throws: ShapeError.self) {
            try LinearChain(transition: .zeros([3, 3])).marginals(unary: .zeros([2, 4, 3]), lengths: [4, 5])
        }
        #expect(lengths?.description == "linearChain: expected 2 lengths from 0 to 4, found [4, 5]")
        for shape: Shape in [[], [3], [4, 3], [1, 4, 0], [1, 1, 4, 3]] {
            #expect(throws: ShapeError.self) {
                try LinearChain(transition: .zeros([3, 3])).marginals(unary: .zeros(shape))
            }
        }
    }
}

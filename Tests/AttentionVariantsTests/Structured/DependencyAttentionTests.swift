import AttentionLayers
import AttentionMechanisms
import AttentionTensors
import AttentionTestSupport
import AttentionVariants
import Testing

/// Dependency attention against all trees.
@Suite struct DependencyAttentionTests {
    /// Both kinds of trees with both kinds of roots.
    static let kinds = DependencyAttention.Trees.allCases.flatMap { trees in
        DependencyAttention.Roots.allCases.map { DependencyAttention(trees, roots: $0) }
    }

    private func random(_ shape: Shape, _ seed: Int, deviation: Float = 1) -> Tensor {
        .normal(shape, deviation: deviation, key: RandomKey(seed: 62)[seed])
    }

    /// All trees, their parts being arc [L, L] and root [L].
    private func enumeration(_ attention: DependencyAttention, _ arc: Tensor, _ root: Tensor) -> Enumeration {
        let length = root.shape[1]
        let trees = dependencyTrees(
            length: length, isProjective: attention.trees == .projective,
            hasSingleRoot: attention.roots == .single)
        return Enumeration(
            structures: trees.map { heads in
                heads.enumerated().map { $1 == 0 ? length * length + $0 : ($1 - 1) * length + $0 }
            }, potentials: (arc.values + root.values).map(Double.init))
    }

    /// Marginals, ln Z and gradients of what `arc` and `root` score.
    private func checkEnumerated(_ attention: DependencyAttention, _ arc: Tensor, _ root: Tensor) throws {
        let (arc, root) = (arc.tracked(), root.tracked())
        let length = root.shape[1]
        let enumeration = enumeration(attention, arc, root)
        let found = try attention.align(arc: arc, root: root, values: random([1, length, 2], 1))
        let marginals = enumeration.marginals
        expectEnumerated(found.logPartition, [enumeration.logPartition], "\(attention) log partition")
        expectEnumerated(found.arcs, Array(marginals[..<(length * length)]), "\(attention) arcs")
        expectEnumerated(found.roots, Array(marginals[(length * length)...]), "\(attention) roots")

        let (arcUpstream, rootUpstream) = (random(arc.shape, 2), random(root.shape, 3))
        let gradients = try ((found.arcs * arcUpstream).sum() + (found.roots * rootUpstream).sum()).gradients()
        let expected = enumeration.gradient(upstream: (arcUpstream.values + rootUpstream.values).map(Double.init))
        expectEnumerated(try #require(gradients[arc]), Array(expected[..<(length * length)]), "\(attention) d arc")
        expectEnumerated(try #require(gradients[root]), Array(expected[(length * length)...]), "\(attention) d root")
    }

    @Test func `there are as many trees as is known`() {
        let counts = { (isProjective: Bool, isSingle: Bool) in
            (1...5).map {
                dependencyTrees(length: $0, isProjective: isProjective, hasSingleRoot: isSingle).count
            }
        }
        #expect(counts(false, false) == [1, 3, 16, 125, 1296])  // Cayley: (n + 1)ⁿ⁻¹
        #expect(counts(false, true) == [1, 2, 9, 64, 625])  // nⁿ⁻¹
        #expect(counts(true, false) == [1, 3, 12, 55, 273])  // C(3n, n) / (2n + 1)
        #expect(counts(true, true) == [1, 2, 7, 30, 143])
    }

    @Test(arguments: kinds, 1...5)
    func `marginals are those of all trees`(attention: DependencyAttention, length: Int) throws {
        try checkEnumerated(
            attention, random([1, length, length], 4 + length, deviation: 2), random([1, length], 20 + length))
    }

    /// Where the determinant of the matrix-tree theorem would have lost every digit.
    @Test(arguments: kinds, [30, 1000, 10000] as [Float])
    func `marginals are those of all trees, however far scores spread`(
        attention: DependencyAttention, spread: Float
    ) throws {
        try checkEnumerated(
            attention, random([1, 5, 5], 30, deviation: spread), random([1, 5], 31, deviation: spread))
    }

    /// Word 2 nobody can head but the root, in any order of elimination.
    @Test(arguments: kinds) func `forbidden arcs are never taken`(attention: DependencyAttention) throws {
        let forbidden = try Tensor([0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0], shape: [1, 4, 4])
        let arc = try Tensor(
            zip(random([1, 4, 4], 32).values, forbidden.values).map { $1 == 1 ? -.infinity : $0 }, shape: [1, 4, 4])
        try checkEnumerated(attention, arc, random([1, 4], 33))
    }

    @Test(arguments: kinds) func `no possible tree, no marginals`(attention: DependencyAttention) throws {
        let arc = random([1, 3, 3], 34).tracked()
        let found = try attention.align(
            arc: arc, root: .full(-.infinity, [1, 3]), values: random([1, 3, 2], 35))
        #expect(found.logPartition.values == [-.infinity])
        #expect(found.arcs.values == [Float](repeating: 0, count: 9))
        #expect(found.context.values == [Float](repeating: 0, count: 6))
        let gradient = try #require(try found.context.sum().gradients()[arc])
        #expect(gradient.values == [Float](repeating: 0, count: 9))
    }

    @Test(arguments: kinds) func laws(attention: DependencyAttention) throws {
        let laws = StructuredLaws(
            potentials: [random([2, 4, 4], 36), random([2, 4], 37)], sequenceAxes: [[1, 2], [1]]
        ) { potentials, lengths in
            let (batch, length) = (potentials[1].shape[0], potentials[1].shape[1])
            let found = try attention.align(
                arc: potentials[0], root: potentials[1], values: .ones([batch, length, 1]), lengths: lengths)
            return StructuredResult(marginals: [found.arcs, found.roots], logPartition: found.logPartition)
        }
        try laws.checkLogPartitionGradient()
        try laws.checkMarginalGradients()
        try laws.checkBatching()
        try laws.checkPadding()
        try laws.checkLargeScores()
        try laws.checkEmptyItems()
    }

    /// Words in another order have the same heads: in any order where arcs may cross, and in the reverse where they may not.
    @Test(arguments: kinds) func `the order of words`(attention: DependencyAttention) throws {
        let order = attention.trees == .projective ? [5, 4, 3, 2, 1, 0] : [3, 0, 5, 1, 4, 2]
        func reordered(_ arc: Tensor) throws -> Tensor {
            try arc.transposed(0, 1).selecting(order).transposed(0, 2).selecting(order).transposed(0, 2)
                .transposed(0, 1)
        }
        let (arc, root) = (random([1, 6, 6], 43, deviation: 3), random([1, 6], 44, deviation: 3))
        let found = try attention.align(arc: arc, root: root, values: .zeros([1, 6, 1]))
        let other = try attention.align(
            arc: try reordered(arc), root: try root.transposed().selecting(order).transposed(),
            values: .zeros([1, 6, 1]))
        expectClose(other.arcs, try reordered(found.arcs), tolerance: 1e-6)
        expectClose(other.logPartition, found.logPartition, tolerance: 1e-6)
    }

    @Test(arguments: kinds) func `every word has one head`(attention: DependencyAttention) throws {
        let found = try attention.align(
            arc: random([2, 12, 12], 38, deviation: 3), root: random([2, 12], 39, deviation: 3),
            values: .zeros([2, 12, 1]), lengths: [12, 7])
        let heads = try found.arcs.sum(axis: 1) + found.roots
        let expected = try Tensor((0..<24).map { $0 < 19 ? 1 : 0 }, shape: [2, 12])
        expectClose(heads, expected, tolerance: 1e-6)
        if attention.roots == .single { expectClose(try found.roots.sum(axis: 1), .ones([2]), tolerance: 1e-6) }
    }

    @Test func `each kind of root is a limit of the other`() throws {
        // Roots that cost much are used once.
        let (arc, root, values) = (random([1, 6, 6], 40), random([1, 6], 41), random([1, 6, 3], 42))
        for trees in DependencyAttention.Trees.allCases {
            let single = try DependencyAttention(trees, roots: .single).align(arc: arc, root: root, values: values)
            let dear = try DependencyAttention(trees, roots: .multiple)
                .align(arc: arc, root: root - 40, values: values)
            expectClose(dear.arcs, single.arcs, tolerance: 1e-6)
            expectClose(dear.context, single.context, tolerance: 1e-5)
        }
    }

    @Test(arguments: kinds) func `sentences of no and of one word`(attention: DependencyAttention) throws {
        let none = try attention.align(arc: .zeros([2, 0, 0]), root: .zeros([2, 0]), values: .zeros([2, 0, 3]))
        #expect(none.context.shape == [2, 0, 3])
        #expect(none.logPartition.values == [0, 0])
        let one = try attention.align(
            arc: .full(5, [1, 1, 1]), root: .full(2.5, [1, 1]), values: .ones([1, 1, 3]))
        #expect(one.arcs.values == [0])
        #expect(one.roots.values == [1])
        #expect(one.context.values == [0, 0, 0])
        #expect(one.logPartition.values == [2.5])
    }

    @Test func `what does not fit is refused with all shapes`() throws {
        let attention = DependencyAttention(.projective, roots: .single)
        let error = #expect(throws: ShapeError.self) {
            try attention.align(arc: .zeros([1, 3, 2]), root: .zeros([1, 3]), values: .zeros([1, 3, 4]))
        }
        #expect(
            error?.description
                == "dependency: expected arc [B, L, L], root [B, L] and values [B, L, Dv], "
                + "found [1, 3, 2], [1, 3] and [1, 3, 4]")
        #expect(throws: ShapeError.self) {
            try attention.align(
                arc: .zeros([1, 3, 3]), root: .zeros([1, 3]), values: .zeros([1, 3, 4]), lengths: [-1])
        }
        #expect(throws: ShapeError.self) {
            try attention.align(arc: .zeros([]), root: .zeros([]), values: .zeros([]))
        }
    }
}

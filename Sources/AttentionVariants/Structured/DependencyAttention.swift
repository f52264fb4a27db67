public import AttentionMechanisms
public import AttentionTensors

/// Attention over dependency trees: every word has one head, another word or the root, and words attend to where their head may be.
///
///     p(tree) ∝ exp(Σ arc(head, modifier) + Σ root(word)),   context_m = Σ_h p(h → m) value_h
///
/// *Source:* Kim, Denton, Hoang & Rush 2017, *Structured Attention Networks*, sec. 3.2; Liu & Lapata 2018, *Learning Structured Text
/// Representations*, sec. 2.2.
public struct DependencyAttention: Sendable, Hashable {
    /// Which trees there are.
    public enum Trees: Sendable, Hashable, CaseIterable {
        /// Those whose arcs, drawn above the sentence, do not cross (Eisner 1996). O(L³) each sentence.
        case projective
        /// All (Koo, Globerson, Carreras & Collins 2007). O(L³) each sentence.
        case nonprojective
    }

    /// How many words may hang from the root.
    public enum Roots: Sendable, Hashable, CaseIterable {
        /// Exactly one.
        case single
        /// One or more.
        case multiple
    }

    /// Which trees there are.
    public var trees: Trees
    /// How many words may hang from the root.
    public var roots: Roots

    /// Attention over these trees.
    public init(_ trees: Trees, roots: Roots) {
        self.trees = trees
        self.roots = roots
    }

    /// How probable each arc is, and what the words read from their heads.
    ///
    /// - Parameters:
    ///   - arc: how well word h heads word m, [B, L, L] with heads first; the diagonal does not count.
    ///   - root: how well a word hangs from the root, [B, L].
    ///   - values: [B, L, Dv].
    ///   - lengths: where each sentence ends; padding has marginals 0, and an empty sentence ln Z = 0.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func align(
        arc: Tensor, root: Tensor, values: Tensor, lengths: [Int]? = nil
    ) throws(ShapeError) -> DependencyAlignment {
        guard root.shape.rank == 2, arc.shape == [root.shape[0], root.shape[1], root.shape[1]],
            values.shape.rank == 3, values.shape.dimensions.prefix(2) == root.shape.dimensions.prefix(2)
        else {
            throw ShapeError(
                "dependency", expected: "arc [B, L, L], root [B, L] and values [B, L, Dv]",
                found: "\(arc.shape), \(root.shape) and \(values.shape)")
        }
        let (batch, length) = (root.shape[0], root.shape[1])
        let lengths = try checked(lengths, batch: batch, limit: length, operation: "dependency")
        let potentials = try concatenated([try arc.reshaped(to: [batch, length * length]), root], axis: 1)
        let found = try infer(potentials, length: length, lengths: lengths)
        let arcs = try found.marginals.sliced(axis: 1, 0..<(length * length)).reshaped(to: [batch, length, length])
        return DependencyAlignment(
            arcs: arcs, roots: try found.marginals.sliced(axis: 1, (length * length)..<(length * length + length)),
            context: try matmul(arcs.transposed(), values), logPartition: found.logPartition)
    }

    private func infer(
        _ potentials: Tensor, length: Int, lengths: [Int]
    ) throws(ShapeError) -> (marginals: Tensor, logPartition: Tensor) {
        switch trees {
        case .projective: try ProjectiveTrees(length: length, roots: roots).infer(potentials, lengths: lengths)
        case .nonprojective: try NonprojectiveTrees(length: length, roots: roots).infer(potentials, lengths: lengths)
        }
    }
}

/// How probable the arcs of a dependency tree are, and what words read from their heads.
public struct DependencyAlignment: Sendable {
    /// p(h → m), [B, L, L] with heads first.
    public let arcs: Tensor
    /// p(root → m), [B, L].
    public let roots: Tensor
    /// Σ_h p(h → m) value_h, [B, L, Dv].
    public let context: Tensor
    /// ln Z, [B]; its gradients with respect to arc and root are `arcs` and `roots`.
    public let logPartition: Tensor
}

extension DependencyAttention {
    /// What there is to know of it over all trees.
    public static let overNonprojectiveTrees = MechanismDescriptor(
        "nonprojective_dependency", "Non-projective dependency attention", .structured,
        formula: """
            p(tree) ∝ exp(Σ arc(h, m) + Σ root(m)) over all trees; Z = det(diag(Σ_h A_hm + r_m) − A), A = exp(arc), r = exp(root); \
            context_m = Σ_h p(h → m) v_h
            """,
        cost: "O(L³)",
        use: "Where each word should attend to its likely syntactic head, in any word order.",
        source: """
            Koo, Globerson, Carreras & Collins 2007, Structured Prediction Models via the Matrix-Tree Theorem, sec. 3; Liu & Lapata \
            2018, Learning Structured Text Representations, sec. 2.2
            """,
        options: [.truth("single_root", default: false)],
        example: Example(draws: "marginals") { try $0.arcs() }
    ) { try dependency(.nonprojective, $0) }
}

extension DependencyAttention {
    /// What there is to know of it over trees without crossing arcs.
    public static let overProjectiveTrees = MechanismDescriptor(
        "projective_dependency", "Projective dependency attention", .structured,
        formula: """
            p(tree) ∝ exp(Σ arc(h, m) + Σ root(m)) over trees without crossing arcs; Z by Eisner's inside algorithm; \
            context_m = Σ_h p(h → m) v_h
            """,
        cost: "O(L³)",
        use: "Where each word should attend to its likely syntactic head, and phrases should stay together.",
        source: """
            Eisner 1996, Three New Probabilistic Models for Dependency Parsing; Kim, Denton, Hoang & Rush 2017, Structured Attention \
            Networks, sec. 3.2
            """,
        options: [.truth("single_root", default: false)],
        example: Example(draws: "marginals") { try $0.arcs() }
    ) { try dependency(.projective, $0) }

    private static func dependency(_ trees: DependencyAttention.Trees, _ request: Request) throws -> Outputs {
        let isSingle = try request.options.truth("single_root")
        let found = try DependencyAttention(trees, roots: isSingle ? .single : .multiple).align(
            arc: try request.tensor("arc"), root: try request.tensor("root"), values: try request.tensor("value"),
            lengths: try request.lengths("lengths"))
        return [
            "output": .real(found.context), "marginals": .real(found.arcs), "root_marginals": .real(found.roots),
            "log_partition": .real(found.logPartition),
        ]
    }
}

extension ExampleMaterial {
    /// Scores of heads and modifiers, of roots, and values.
    fileprivate func arcs() throws(ShapeError) -> Outputs {
        [
            "arc": .real(try energies()), "root": .real(try states.sliced(axis: 2, 0..<1).squeezed(axis: 2)),
            "value": .real(states),
        ]
    }
}

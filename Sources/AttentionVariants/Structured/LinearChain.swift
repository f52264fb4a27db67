public import AttentionMechanisms
public import AttentionTensors

/// Attention over sequences of labels whose neighbours depend on each other: a linear-chain conditional random field.
///
///     p(z) ∝ exp(start(z_1) + Σ_i unary_i(z_i) + Σ_i transition(z_i, z_{i+1}) + end(z_L))
///
/// `LinearChain(transition: table).marginals(unary: scores)` are the probabilities p(z_i = c), where softmax would have taken each position by
/// itself.
///
/// *Source:* Lafferty, McCallum & Pereira 2001; Kim, Denton, Hoang & Rush 2017, *Structured Attention Networks*, sec. 3.1 and 3.3.
public struct LinearChain: Module {
    /// [C, C]: how well the second label follows the first.
    public var transition: Parameter
    /// [C]: how well a label begins a sequence.
    public var start: Parameter?
    /// [C]: how well a label ends a sequence.
    public var end: Parameter?

    /// A chain with these parameters.
    public init(transition: Tensor, start: Tensor? = nil, end: Tensor? = nil) {
        self.transition = Parameter(transition)
        self.start = start.map { Parameter($0) }
        self.end = end.map { Parameter($0) }
    }

    /// How probable each label is at each position, by the forward-backward algorithm.
    ///
    /// - Parameters:
    ///   - unary: how well each label fits each position, [B, L, C].
    ///   - lengths: where each sequence ends; padding has marginals 0, and an empty sequence ln Z = 0.
    /// - Throws: `ShapeError` if the shapes do not fit.
    /// - Complexity: O(B L C²).
    public func marginals(unary: Tensor, lengths: [Int]? = nil) throws(ShapeError) -> ChainMarginals {
        guard unary.shape.rank == 3, unary.shape[2] > 0, transition.shape == [unary.shape[2], unary.shape[2]] else {
            throw ShapeError(
                "linearChain", expected: "unary [B, L, C] and transition [C, C]",
                found: "\(unary.shape) and \(transition.shape)")
        }
        let (batch, length, labels) = (unary.shape[0], unary.shape[1], unary.shape[2])
        for ends in [start?.tensor, end?.tensor].compactMap(\.self) where ends.shape != [labels] {
            throw ShapeError("linearChain", expected: "start and end [\(labels)]", found: "\(ends.shape)")
        }
        let lengths = try checked(lengths, batch: batch, limit: length, operation: "linearChain")
        let (pairs, none) = (max(length - 1, 0), Tensor.zeros([labels]))
        let potentials = [
            try (start?.tensor ?? none).expanded(to: [batch, labels]),
            try unary.reshaped(to: [batch, length * labels]),
            try transition.tensor.expanded(to: [batch, pairs, labels, labels])
                .reshaped(to: [batch, pairs * labels * labels]),
            try (end?.tensor ?? none).expanded(to: [batch, labels]),
        ]
        let family = LabelSequences(length: length, labelCount: labels)
        let found = try family.infer(try concatenated(potentials, axis: 1), lengths: lengths)
        return ChainMarginals(
            labels: try found.marginals.sliced(axis: 1, labels..<(labels + length * labels))
                .reshaped(to: [batch, length, labels]),
            pairs: try found.marginals.sliced(axis: 1, (labels + length * labels)..<family.end(0))
                .reshaped(to: [batch, pairs, labels, labels]),
            logPartition: found.logPartition)
    }

    /// `transition` and, if there are any, `start` and `end`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try transition.visit(&visitor, path / "transition")
        try start.visit(&visitor, path / "start")
        try end.visit(&visitor, path / "end")
    }
}

/// How probable the parts of a sequence of labels are.
public struct ChainMarginals: Sendable {
    /// p(z_i = c), [B, L, C].
    public let labels: Tensor
    /// p(z_i = a, z_{i+1} = b), [B, L − 1, C, C].
    public let pairs: Tensor
    /// ln Z, [B]; its gradient with respect to the unary potentials is `labels`.
    public let logPartition: Tensor
}

extension LinearChain {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "linear_chain", "Linear-chain CRF attention", .structured,
        formula:
            "p(z) ∝ exp(start(z_1) + Σ_i unary_i(z_i) + Σ_i transition(z_i, z_{i+1}) + end(z_L)); marginals p(z_i = c)",
        cost: "O(L C²) for C labels",
        use: "Where neighbouring positions should agree on a label: tagging, soft segmentation.",
        source: """
            Lafferty, McCallum & Pereira 2001, Conditional Random Fields; Kim, Denton, Hoang & Rush 2017, Structured Attention \
            Networks, sec. 3.1 and 3.3
            """,
        example: Example(draws: "marginals") {
            ["unary": .real(try $0.states.sliced(axis: 2, 0..<6))] + $0.parameters(["transition": [6, 6]])
        }
    ) { request in
        let chain = LinearChain(
            transition: try request.tensor("transition"), start: try request.tensor(ifPresent: "start"),
            end: try request.tensor(ifPresent: "end"))
        let found = try chain.marginals(
            unary: try request.tensor("unary"), lengths: try request.lengths("lengths"))
        return [
            "marginals": .real(found.labels), "pair_marginals": .real(found.pairs),
            "log_partition": .real(found.logPartition),
        ]
    }
}

import AttentionLayers
public import AttentionTensors

/// A policy without memory: two hidden layers for what to do, two for how good it is (as Schulman et al. 2017, sec. 6.1).
///
///     logits = W tanh(W₂ tanh(W₁ o)),   V = w tanh(W₄ tanh(W₃ o))
public struct ReflexPolicy: Policy {
    private var actor: [Linear]
    private var critic: [Linear]
    private var heads: PolicyHeads

    public static let remembers = false

    /// A policy of this hidden size.
    public init(_ layout: ObservationLayout, actionCount: Int, hiddenSize: Int, key: RandomKey) {
        let sizes = [(layout.size, hiddenSize), (hiddenSize, hiddenSize)]
        actor = sizes.enumerated().map { Linear($1.0, $1.1, key: key[$0]) }
        critic = sizes.enumerated().map { Linear($1.0, $1.1, key: key[2 + $0]) }
        heads = PolicyHeads(hiddenSize, actionCount: actionCount, key: key[4])
    }

    public func begin(_ episodeCount: Int) {}

    public func step(
        _ observations: Tensor, _ recollection: inout Void, begins: [Bool]
    ) throws(ShapeError) -> PolicyOutput { try read(observations) }

    /// Any leading sizes: steps do not know of each other.
    public func read(_ observations: Tensor) throws(ShapeError) -> PolicyOutput {
        var (acting, judging) = (observations, observations)
        for layer in actor { acting = try layer(acting).hyperbolicTangent() }
        for layer in critic { judging = try layer(judging).hyperbolicTangent() }
        return try heads(acting, valued: judging)
    }

    /// `actor.…`, `critic.…`, `heads.…`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try actor.visit(&visitor, path / "actor")
        try critic.visit(&visitor, path / "critic")
        try heads.visit(&visitor, path / "heads")
    }
}

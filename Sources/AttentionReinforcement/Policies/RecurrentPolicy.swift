import AttentionLayers
public import AttentionTensors

/// A policy that remembers what its LSTM keeps (Hausknecht & Stone 2015, *Deep Recurrent Q-Learning*, sec. 3): logits = W h_t, V = w h_t.
public struct RecurrentPolicy: Policy {
    private var trunk: RecurrentTrunk
    private var heads: PolicyHeads

    /// h and c.
    public struct Recollection: Sendable {
        fileprivate var state: RecurrentState
    }

    public static let remembers = true

    /// A policy of this hidden size.
    public init(_ layout: ObservationLayout, actionCount: Int, hiddenSize: Int, key: RandomKey) {
        trunk = RecurrentTrunk(layout, hiddenSize: hiddenSize, key: key[0])
        heads = PolicyHeads(hiddenSize, actionCount: actionCount, key: key[1])
    }

    public func begin(_ episodeCount: Int) -> Recollection { Recollection(state: trunk.begin(episodeCount)) }

    public func step(
        _ observations: Tensor, _ recollection: inout Recollection, begins: [Bool]
    ) throws(ShapeError) -> PolicyOutput {
        try heads(try trunk.step(observations, &recollection.state, begins: begins))
    }

    public func read(_ observations: Tensor) throws(ShapeError) -> PolicyOutput {
        try heads(try trunk.read(observations))
    }

    /// `trunk.…`, `heads.…`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try trunk.visit(&visitor, path / "trunk")
        try heads.visit(&visitor, path / "heads")
    }
}

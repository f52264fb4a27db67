import AttentionLayers
import AttentionMechanisms
public import AttentionTensors

/// A policy without memory that attends over the objects it sees.
///
///     x_k = tanh(W f_k + e_k)        object k as its numbers f_k and a vector e_k that says which it is
///     q = tanh(U o)                  the question, of all that is seen
///     y = tanh(W_y [q; attend(q, x)])        logits = W y,   V = w y
public struct ObjectPolicy: Policy {
    private var features: Linear
    private var identities: Embedding
    private var question: Linear
    private var attention: MultiHeadAttention
    private var mixing: Linear
    private var heads: PolicyHeads
    private let layout: ObservationLayout

    public static let remembers = false

    /// A policy of this hidden size, which is a multiple of the heads.
    public init(_ layout: ObservationLayout, actionCount: Int, hiddenSize: Int, headCount: Int, key: RandomKey) {
        self.layout = layout
        features = Linear(layout.featureCount, hiddenSize, key: key[0])
        identities = Embedding(layout.objectCount, hiddenSize, deviation: 0.5, key: key[1])
        question = Linear(layout.size, hiddenSize, key: key[2])
        attention = MultiHeadAttention(hiddenSize, headCount: headCount, mechanism: AttentionMechanism(), key: key[3])
        mixing = Linear(2 * hiddenSize, hiddenSize, key: key[4])
        heads = PolicyHeads(hiddenSize, actionCount: actionCount, key: key[5])
    }

    public func begin(_ episodeCount: Int) {}

    public func step(
        _ observations: Tensor, _ recollection: inout Void, begins: [Bool]
    ) throws(ShapeError) -> PolicyOutput { try read(observations) }

    /// Any leading sizes: steps do not know of each other.
    public func read(_ observations: Tensor) throws(ShapeError) -> PolicyOutput {
        let leading = Array(observations.shape.dimensions.dropLast())
        let count = leading.reduce(1, *)
        let objects = try observations.reshaped(to: [count, layout.objectCount, layout.featureCount])
        let known = try (features(objects) + identities(Array(0..<layout.objectCount))).hyperbolicTangent()
        let asked = try question(observations.reshaped(to: [count, 1, layout.size])).hyperbolicTangent()
        let found = try attention.align(asked, attention.remember(known))
        let mixed = try mixing(concatenated([asked, found.output], axis: 2)).hyperbolicTangent()
        let gaze = try found.weights.reshaped(to: [count, attention.headCount, layout.objectCount])
        return try heads(mixed.reshaped(to: leading + [mixed.shape[2]]), gaze: .objects(gaze.detached()))
    }

    /// `features.…`, `identities.…`, `question.…`, `attention.…`, `mixing.…`, `heads.…`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try features.visit(&visitor, path / "features")
        try identities.visit(&visitor, path / "identities")
        try question.visit(&visitor, path / "question")
        try attention.visit(&visitor, path / "attention")
        try mixing.visit(&visitor, path / "mixing")
        try heads.visit(&visitor, path / "heads")
    }
}

import AttentionLayers
import AttentionMechanisms
public import AttentionTensors

/// A policy that attends over all that its LSTM has been in this episode.
///
///     n_t = norm(h_t),   c_t = attend(n_t; n_0 … n_t),   y_t = tanh(W_y [n_t; c_t]),   logits = W y_t,   V = w y_t
///
/// Scores begin with a deviation of about 3, by the layer norm and queries drawn three times larger than other maps, so that every head looks at something
/// from the beginning: among a hundred equal weights, what a sign said would count for a hundredth, and be lost in the noise of what is learnt. Which step a head looks
/// at is chance, so many small heads are surer than few: of 4 heads one gives a sign a hundred steps back more than a tenth of its weight for 64 of 100 seeds, of 16
/// heads for 93.
/// What was long ago is as near as what was just now: between the sign and the turn stands one step of attention, not a hundred of recurrence
/// (as the annotations of Bahdanau, Cho & Bengio 2015; for acting, Oh et al. 2016, *Control of Memory, Active Perception, and Action in Minecraft*).
public struct RememberingPolicy: Policy {
    private var trunk: RecurrentTrunk
    private var norm: LayerNorm
    private var attention: MultiHeadAttention
    private var mixing: Linear
    private var heads: PolicyHeads

    /// h and c, and all n since the earliest episode that still goes on began.
    public struct Recollection: Sendable {
        fileprivate var state: RecurrentState
        /// [B, steps, M].
        fileprivate var hidden: Tensor
        /// The first step of each row's episode.
        fileprivate var begins: [Int]
    }

    public static let remembers = true

    /// A policy of this hidden size, which is a multiple of the heads.
    public init(_ layout: ObservationLayout, actionCount: Int, hiddenSize: Int, headCount: Int, key: RandomKey) {
        trunk = RecurrentTrunk(layout, hiddenSize: hiddenSize, key: key[0])
        norm = LayerNorm(hiddenSize)
        attention = MultiHeadAttention(
            hiddenSize, headCount: headCount, mechanism: AttentionMechanism(scope: .causal), key: key[1])
        if !key.isBlank { attention.query.weight = Parameter(attention.query.weight.tensor * 3) }
        mixing = Linear(2 * hiddenSize, hiddenSize, key: key[2])
        heads = PolicyHeads(hiddenSize, actionCount: actionCount, key: key[3])
    }

    public func begin(_ episodeCount: Int) throws(ShapeError) -> Recollection {
        let state = trunk.begin(episodeCount)
        return Recollection(
            state: state, hidden: .zeros([episodeCount, 0, state.hidden.shape[1]]),
            begins: [Int](repeating: 0, count: episodeCount))
    }

    public func step(
        _ observations: Tensor, _ recollection: inout Recollection, begins: [Bool]
    ) throws(ShapeError) -> PolicyOutput {
        try forget(&recollection, begins: begins)
        let now = try norm(trunk.step(observations, &recollection.state, begins: begins)).unsqueezed(axis: 1)
        let hidden = try concatenated([recollection.hidden, now], axis: 1)
        recollection.hidden = hidden
        let count = hidden.shape[1]
        let visible = try Mask(
            recollection.begins.flatMap { first in (0..<count).map { $0 >= first } }, shape: [begins.count, count])
        let memory = try attention.remember(hidden, present: .only(visible))
        let found = try attention.align(now, memory, positions: .from(count - 1))
        let gaze = try found.weights.reshaped(to: [begins.count, attention.headCount, count])
        return try heads(
            mixed(now, found.output).squeezed(axis: 1), gaze: .steps(gaze, begins: recollection.begins))
    }

    /// Rows that begin forget; what nobody remembers any more is dropped.
    private func forget(_ recollection: inout Recollection, begins: [Bool]) throws(ShapeError) {
        let count = recollection.hidden.shape[1]
        for (row, isNew) in begins.enumerated() where isNew { recollection.begins[row] = count }
        let first = recollection.begins.min() ?? 0
        guard first > 0 else { return }
        recollection.hidden = try recollection.hidden.sliced(axis: 1, first..<count)
        recollection.begins = recollection.begins.map { $0 - first }
    }

    private func mixed(_ hidden: Tensor, _ context: Tensor) throws(ShapeError) -> Tensor {
        try mixing(concatenated([hidden, context], axis: 2)).hyperbolicTangent()
    }

    public func read(_ observations: Tensor) throws(ShapeError) -> PolicyOutput {
        let hidden = try norm(trunk.read(observations))
        return try heads(mixed(hidden, attention.attend(hidden, attention.remember(hidden))))
    }

    /// `trunk.…`, `norm.…`, `attention.…`, `mixing.…`, `heads.…`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try trunk.visit(&visitor, path / "trunk")
        try norm.visit(&visitor, path / "norm")
        try attention.visit(&visitor, path / "attention")
        try mixing.visit(&visitor, path / "mixing")
        try heads.visit(&visitor, path / "heads")
    }
}

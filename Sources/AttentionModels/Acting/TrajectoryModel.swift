public import AttentionLayers
import AttentionMechanisms
public import AttentionTensors

/// Acting as continuing a text of returns, states and actions (Chen et al. 2021, *Decision Transformer*, sec. 3):
///
///     … R̂_t, s_t, a_t, …   →   a_t from what stands at s_t;  s_t+1 and R̂_t+1 from what stands at a_t
///
/// Who asks for a high return gets the actions that led to one.
public struct TrajectoryModel: PretrainedModel {
    /// Maps a return, [1] → [M].
    public var returnEmbedding: Linear
    /// Maps a state, [S] → [M].
    public var stateEmbedding: Linear
    /// Maps an action, [A] → [M].
    public var actionEmbedding: Linear
    /// A vector for each step of an episode, which the three of a step share.
    public var timestepEmbedding: Embedding
    /// The norm over what is embedded.
    public var embeddingNorm: LayerNorm
    /// Reads the three of every step, one behind the other.
    public var decoder: CausalDecoder
    /// What is seen next, [M] → [S].
    public var stateHead: Linear
    /// What is to be done, [M] → [A].
    public var actionHead: Linear
    /// What is still to be had after it, [M] → [1].
    public var returnHead: Linear
    /// Whether actions are bounded by tanh.
    public let boundsActions: Bool

    /// What a model makes of trajectories.
    public struct Output: Sendable {
        /// The state behind each step, [B, T, S].
        public let states: Tensor
        /// What to do in each step, having seen its state, [B, T, A].
        public let actions: Tensor
        /// The return that is left behind each step, [B, T, 1].
        public let returns: Tensor
        /// What the decoder made of returns, states and actions, [B, 3 T, M].
        public let decoded: CausalDecoder.Output
    }

    /// Trajectories, read at once.
    /// - Parameter key: the source of dropout; nil when not training.
    /// - Throws: `ShapeError` if sizes do not fit, or an episode is longer than the model knows steps.
    public func callAsFunction(
        _ batch: TrajectoryBatch, observing: Observation = .nothing, training key: RandomKey? = nil
    ) throws(ShapeError) -> Output {
        let (rowCount, length) = (batch.rowCount, batch.length)
        let times = try timestepEmbedding.weight.rows(batch.timesteps, shape: [rowCount, length])
        let parts = [
            try returnEmbedding(batch.returnsToGo) + times, try stateEmbedding(batch.states) + times,
            try actionEmbedding(batch.actions) + times,
        ]
        let woven = try stacked(parts, axis: 2).reshaped(to: [rowCount, 3 * length, times.shape[2]])
        // Which step it is has been said above: every place of the decoder is its first.
        let decoded = try decoder(
            try embeddingNorm(woven), present: try batch.present.tripled(rowCount: rowCount, length: length),
            positions: .at([[Int]](repeating: [Int](repeating: 0, count: 3 * length), count: rowCount)),
            observing: observing, training: key)
        let steps = try decoded.last.reshaped(to: [rowCount, length, 3, times.shape[2]])
        let (behindState, behindAction) = (try steps.at(1, axis: 2), try steps.at(2, axis: 2))
        let actions = try actionHead(behindState)
        return Output(
            states: try stateHead(behindAction), actions: boundsActions ? actions.hyperbolicTangent() : actions,
            returns: try returnHead(behindAction), decoded: decoded)
    }

    public static var inputNames: [String] {
        ["states", "actions", "rewards", "returns_to_go", "timesteps", "attention_mask"]
    }

    public func forward(_ inputs: SafetensorsFile, observing: Observation) throws -> [NamedTensor] {
        try Self.checkNames(of: inputs)
        try decoder.check(observing)
        let output = try self(TrajectoryBatch(inputs), observing: observing)
        return [
            NamedTensor("last_hidden_state", output.decoded.last), NamedTensor("state_preds", output.states),
            NamedTensor("action_preds", output.actions), NamedTensor("return_preds", output.returns),
        ] + output.decoded.observed
    }

    /// `return_embedding.…`, `state_embedding.…`, `action_embedding.…`, `timestep_embedding.…`, `embedding_norm.…`, `decoder.…` and the three
    /// heads.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try returnEmbedding.visit(&visitor, path / "return_embedding")
        try stateEmbedding.visit(&visitor, path / "state_embedding")
        try actionEmbedding.visit(&visitor, path / "action_embedding")
        try timestepEmbedding.visit(&visitor, path / "timestep_embedding")
        try embeddingNorm.visit(&visitor, path / "embedding_norm")
        try decoder.visit(&visitor, path / "decoder")
        try stateHead.visit(&visitor, path / "state_head")
        try actionHead.visit(&visitor, path / "action_head")
        try returnHead.visit(&visitor, path / "return_head")
    }
}

extension Presence {
    /// Where each step is three places.
    fileprivate func tripled(rowCount: Int, length: Int) throws(ShapeError) -> Presence {
        switch self {
        case .all: return .all
        case .first(let lengths): return .first(lengths.map { 3 * $0 })
        case .only:
            guard let mask = try mask(rowCount: rowCount, length: length) else { return .all }
            let bytes = mask.bytes.flatMap { [$0, $0, $0] }
            return .only(Mask(shape: [rowCount, 3 * length], bytes: bytes))
        }
    }
}

public import AttentionTensors

/// Rows of trajectories [B, T]: in each step what return is still wanted, what is seen, and what was done.
public struct TrajectoryBatch: Sendable {
    /// What is seen, [B, T, S].
    public let states: Tensor
    /// What was done, [B, T, A]; of the step that is to be decided anything, since nothing before it reads it.
    public let actions: Tensor
    /// The sum of all rewards from this step on, [B, T, 1].
    public let returnsToGo: Tensor
    /// Which step of its episode each is, row-major.
    public let timesteps: [Int]
    /// Which steps are real.
    public let present: Presence

    /// B.
    public var rowCount: Int { states.shape[0] }
    /// T.
    public var length: Int { states.shape[1] }

    /// Trajectories of these steps.
    /// - Throws: `ShapeError` unless all are of the same rows and steps.
    public init(
        states: Tensor, actions: Tensor, returnsToGo: Tensor, timesteps: [Int], present: Presence = .all
    ) throws(ShapeError) {
        guard states.shape.rank == 3 else {
            throw ShapeError("TrajectoryBatch", expected: "states [B, T, S]", found: "\(states.shape)")
        }
        let (rowCount, length) = (states.shape[0], states.shape[1])
        for (part, name) in [
            (actions, "actions [\(rowCount), \(length), A]"), (returnsToGo, "returns [\(rowCount), \(length), 1]"),
        ] {
            guard part.shape.rank == 3, part.shape[0] == rowCount, part.shape[1] == length else {
                throw ShapeError("TrajectoryBatch", expected: name, found: "\(part.shape)")
            }
        }
        guard timesteps.count == rowCount * length else {
            throw ShapeError(
                "TrajectoryBatch", expected: "\(rowCount) rows of \(length) timesteps", found: "\(timesteps.count)")
        }
        _ = try present.mask(rowCount: rowCount, length: length)
        (self.states, self.actions, self.returnsToGo) = (states, actions, returnsToGo)
        (self.timesteps, self.present) = (timesteps, present)
    }
}

extension TrajectoryBatch {
    /// The batch that a file holds under the reference's names.
    /// - Throws: `SafetensorsError`, `PretrainedError` or `ShapeError` if a tensor is missing or does not fit the states.
    init(_ inputs: SafetensorsFile) throws {
        let states = try inputs.tensor(named: "states")
        var present = Presence.all
        if inputs.contains("attention_mask") {
            let shape = try inputs.shape(of: "attention_mask")
            present = try Presence(Mask(inputs.integers(named: "attention_mask").map { $0 != 0 }, shape: shape))
        }
        try self.init(
            states: states, actions: try inputs.tensor(named: "actions"),
            returnsToGo: try inputs.tensor(named: "returns_to_go"), timesteps: try inputs.integers(named: "timesteps"),
            present: present)
    }
}

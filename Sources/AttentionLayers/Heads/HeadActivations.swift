import AttentionMechanisms
public import AttentionTensors
import Synchronization

/// What the heads of one layer worked with when they were last computed.
public struct HeadActivations: Sendable {
    /// The queries as keys are compared with them, [B, H, Q, D].
    public let query: Tensor
    /// The keys as they are compared, [B, Hk, K, D].
    public let keys: Tensor
    /// The factor of ⟨query, key⟩ in a score; nil where scores are other than inner products.
    public let scale: Float?
    /// What is read, [B, Hk, K, Dv].
    public let values: Tensor
    /// W^O, which mixes what the heads read, [M, H Dv].
    public let output: Tensor
    /// Zeros that were added to what the heads read, [B, H, Q, Dv]: the gradient with respect to them is that of what was read.
    public let reading: Tensor
}

extension HeadActivations {
    /// How each query compares with each key, with rotations of positions, before biases, scope and normalizer: scale ⟨query, key⟩, [B, H, Q, K]; nil where scores are other than
    /// inner products.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func scores() throws(ShapeError) -> Tensor? {
        guard let scale else { return nil }
        let groups = query.shape[1] / max(1, keys.shape[1])
        return try matmul(query, keys.repeatingHeads(groups).transposed()) * scale
    }
}

/// A layer whose heads are heard, and by whom.
struct HeadRecording: Sendable {
    /// What was heard, by layer.
    final class Record: Sendable {
        private let heard = Mutex<[Ablation.Place: HeadActivations]>([:])

        var all: [Ablation.Place: HeadActivations] { heard.withLock { $0 } }

        func keep(_ activations: HeadActivations, at place: Ablation.Place) {
            heard.withLock { $0[place] = activations }
        }
    }

    @TaskLocal static var record: Record?

    let record: Record
    let place: Ablation.Place
}

/// What `body` gives, and what the heads of each layer worked with while it was computed, by kind and layer (counted from 0); of a layer that was
/// computed several times, the last. What is computed by several threads for different texts is not heard.
///
/// ```swift
/// let (outcome, heads) = try recordingHeads { try model(batch) }
/// let values = heads[Ablation.Place("encoder", layer: 3)]?.values
/// ```
public func recordingHeads<Result>(
    _ body: () throws -> Result
) rethrows -> (result: Result, heads: [Ablation.Place: HeadActivations]) {
    let record = HeadRecording.Record()
    let result = try HeadRecording.$record.withValue(record, operation: body)
    return (result, record.all)
}

extension MultiHeadAttention {
    /// As it stands in a model: without the heads that are left out there, and heard by whoever records.
    package mutating func place(_ kind: AttentionKind, at layer: Int) {
        silenced = Ablation.current.heads(of: kind, at: layer)
        recording = HeadRecording.record.map {
            HeadRecording(record: $0, place: Ablation.Place(kind.rawValue, layer: layer))
        }
    }

    /// Whether layers are other than they are by themselves: some heads are left out, or somebody records.
    package static var isPlaced: Bool { !Ablation.current.isEmpty || HeadRecording.record != nil }

    /// What the heads read, [B, H, Q, Dv], written down if somebody records.
    func heard(_ reading: Tensor, _ query: Tensor, _ memory: Memory, _ positions: Positions) throws(ShapeError)
        -> Tensor
    {
        guard let recording else { return reading }
        let zeros = Tensor.zeros(reading.shape).tracked()
        recording.record.keep(
            HeadActivations(
                query: try mechanism.compared(query, positions: positions), keys: memory.keys,
                scale: mechanism.score.innerProductScale(size: memory.keyShape[3]), values: memory.values,
                output: output.weight.tensor, reading: zeros), at: recording.place)
        return reading + zeros
    }
}

import AttentionLayers
import AttentionModels
import AttentionTensors
import AttentionTraining

/// Draws the heads of a student to those of its teacher, layer by layer, by what they compare: `attentionTransferLoss`.
///
/// Where the student has fewer layers, they learn from layers that are spread evenly over the teacher's, the last from the last. Both must have as many heads, each of
/// which compares by inner products; sizes of heads may differ, since scores have none.
///
/// *Source:* Jiao et al. 2020, *TinyBERT*, sec. 3.1.
struct AttentionTransfer: Sendable {
    let teacher: ModelFolder

    /// For each layer of the student the one of the teacher that it learns from: m N / M for the m-th of M from the first of N on; −1 where the teacher has none.
    static func teacherLayers(studentCount: Int, teacherCount: Int) -> [Int] {
        (0..<studentCount).map { ($0 + 1) * teacherCount / studentCount - 1 }
    }

    /// Throws unless every head of a student has one to learn from.
    func check(_ student: any SequenceToSequence) throws {
        let special = teacher.configuration.architecture.special
        let word = SequencePairBatch([(source: [special.end], target: [special.end])], special: special)
        _ = try couples(
            try Self.scores(of: Self.heads(of: student, word)),
            try Self.scores(of: Self.heads(of: teacher.model, word)))
    }

    /// How far apart both are over a batch that the student has read and written with these heads: a scalar, the mean of all its layers.
    func loss(_ heads: [Ablation.Place: HeadActivations], of batch: SequencePairBatch) throws -> Tensor {
        let couples = try couples(
            try Self.scores(of: heads), try Self.scores(of: Self.heads(of: teacher.model, batch)))
        var visible: [AttentionKind: Mask] = [:]
        for kind in Set(couples.map(\.kind)) { visible[kind] = try Self.visible(kind, batch) }
        let losses = try couples.map { couple in
            try attentionTransferLoss(couple.student, teacher: couple.teacher, visible: visible[couple.kind])
        }
        return losses.reduce(Tensor(Float(0)), +) / Float(max(1, losses.count))
    }

    /// Scores of a layer of the student, and those that they learn from.
    private struct Couple {
        let kind: AttentionKind
        let student: Tensor
        let teacher: Tensor
    }

    private func couples(
        _ student: [AttentionKind: [Tensor]], _ teacher: [AttentionKind: [Tensor]]
    ) throws(DistillationError) -> [Couple] {
        func refusal() -> DistillationError {
            .otherHeads(found: Self.words(for: student), expected: Self.words(for: teacher))
        }
        var couples: [Couple] = []
        for kind in AttentionKind.allCases {
            let (own, theirs) = (student[kind] ?? [], teacher[kind] ?? [])
            guard own.count <= theirs.count, own.isEmpty == theirs.isEmpty else { throw refusal() }
            let layers = Self.teacherLayers(studentCount: own.count, teacherCount: theirs.count)
            for (scores, layer) in zip(own, layers) {
                guard scores.shape == theirs[layer].shape else { throw refusal() }
                couples.append(Couple(kind: kind, student: scores, teacher: theirs[layer]))
            }
        }
        guard !couples.isEmpty else { throw refusal() }
        return couples
    }

    /// The heads of each layer, in words.
    private static func words(for scores: [AttentionKind: [Tensor]]) -> String {
        let kinds = AttentionKind.allCases.compactMap { kind -> String? in
            guard let layers = scores[kind] else { return nil }
            return "\(kind.rawValue) " + layers.map { "\($0.shape[1])" }.joined(separator: ", ")
        }
        return kinds.isEmpty ? "none" : kinds.joined(separator: "; ")
    }

    private static func heads(
        of model: any SequenceToSequence, _ batch: SequencePairBatch
    ) throws -> [Ablation.Place: HeadActivations] {
        try recordingHeads { try model.hiddenStates(batch, training: nil) }.heads
    }

    /// What the heads of each layer compare; nothing at all if they do so other than by inner products.
    private static func scores(
        of heads: [Ablation.Place: HeadActivations]
    ) throws(ShapeError) -> [AttentionKind: [Tensor]] {
        var found: [AttentionKind: [Tensor]] = [:]
        for kind in AttentionKind.allCases {
            var layer = 0
            while let activations = heads[Ablation.Place(kind.rawValue, layer: layer)] {
                guard let scores = try activations.scores() else { return [:] }
                found[kind, default: []].append(scores)
                layer += 1
            }
        }
        return found
    }

    /// The pairs of real positions that look at each other, [B, 1, Q, K].
    private static func visible(_ kind: AttentionKind, _ batch: SequencePairBatch) throws(ShapeError) -> Mask {
        let (queries, keys) = (
            kind == .encoder ? batch.source : batch.input, kind == .decoder ? batch.input : batch.source
        )
        let entries = zip(queries.lengths, keys.lengths).flatMap { queryCount, keyCount in
            (0..<queries.length).flatMap { query in
                (0..<keys.length).map { key in
                    query < queryCount && key < keyCount && (kind != .decoder || key <= query)
                }
            }
        }
        return try Mask(entries, shape: [queries.rowCount, 1, queries.length, keys.length])
    }
}

import AttentionInspection
import AttentionModels

/// The heads that pruning has taken out of the model of a folder, in the numbers that they had when it was whole.
struct RemovedHeads {
    /// By the path that a translator trained here gives the attention.
    private let removed: [String: [Int]]

    /// What the folder says.
    /// - Throws: what is wrong with it.
    init(at path: String) throws {
        if try PretrainedFolder.isOne(at: path) {
            let layers = try PretrainedFolder(path: path).removedHeads()
            removed = Dictionary(uniqueKeysWithValues: layers.map { (Self.path(.encoder, layer: $0.key), $0.value) })
        } else {
            let kind = TranslatorSources.all.first { $0.recognizes(path) } ?? ModelFolder.self
            let isOurs = ObjectIdentifier(kind) == ObjectIdentifier(ModelFolder.self)
            removed = try isOurs ? ModelFolder(path: path).configuration.architecture.prunedHeads ?? [:] : [:]
        }
    }

    /// Of a kind that a model has itself; what was put together of parts has heads that no model lacks.
    private static func path(_ kind: TracedAttention.Kind, layer: Int) -> String {
        switch kind {
        case .encoder: "encoder.\(layer).self_attention"
        case .decoder: "decoder.\(layer).self_attention"
        case .cross: "decoder.\(layer).cross_attention"
        case .alignment: "alignment.\(layer)"
        }
    }

    /// How many heads a layer of an attention had when all of them were looked into and none was gone, and the numbers of those that are left, layer by layer.
    func kept(in part: TracedAttention) -> (wholeCount: Int, numbers: [[Int]]) {
        // A folder may name a head twice.
        let gone = part.layers.map { Set(removed[Self.path(part.kind, layer: $0)] ?? []) }
        // A trace has as many as the layer that has most of them, and zeros behind the others' own.
        let wholeCount = part.heads.count + (gone.map(\.count).min() ?? 0)
        return (wholeCount, gone.map { gone in (0..<wholeCount).filter { !gone.contains($0) } })
    }
}

import AttentionFiles
import AttentionLayers
import AttentionTensors

/// Which heads have been taken out of a model: for each attention the numbers that they had when it was whole.
struct PrunedHeads {
    /// By the path of the attention.
    let removed: [String: [Int]]

    /// The heads of a model of `headCount` heads in every attention that are left, by path.
    /// - Throws: `ConfigurationError` about the setting of this name if there is no such attention or head, or none is left.
    func kept(
        of model: some Module, headCount: Int, setting: String
    ) throws(ConfigurationError) -> [String: [Int]] {
        let paths = Set(model.prunableParts.filter { $0.part == .heads }.map(\.path))
        var kept: [String: [Int]] = [:]
        for (path, heads) in removed.sorted(by: { $0.key < $1.key }) {
            guard paths.contains(path) else {
                throw ConfigurationError(setting, expected: "heads of attentions that there are", found: path)
            }
            guard heads.allSatisfy((0..<headCount).contains), Set(heads).count < headCount else {
                throw ConfigurationError(
                    setting, expected: "some of the heads 0 to \(headCount - 1) in \(path)", found: "\(heads)")
            }
            kept[path] = (0..<headCount).filter { !heads.contains($0) }
        }
        return kept
    }

    /// A model without them.
    /// - Throws: `ConfigurationError` as `kept`.
    func applied<Model: Module>(
        to model: Model, headCount: Int, setting: String
    ) throws(ConfigurationError) -> Model {
        let kept = try kept(of: model, headCount: headCount, setting: setting)
        do { return try model.keepingParts(kept) } catch {
            throw ConfigurationError(setting, expected: "heads that can be left out", found: "\(error)")
        }
    }
}

extension PrunedHeads {
    /// What transformers 4 writes into `config.json`: `"pruned_heads": {"3": [0, 2]}`, by the layer's number.
    init(_ fields: ConfigurationFields) throws(ConfigurationError) {
        var removed: [String: [Int]] = [:]
        if let layers = try fields.part("pruned_heads") {
            for name in layers.names { removed["layers.\(name).self_attention"] = try layers.integers(name) }
        }
        self.removed = removed
    }
}

/// How the configuration of a family says that parts of its encoder are gone.
public struct PrunedForm: Sendable {
    /// Where the number of hidden units of a feed-forward layer stands.
    public let feedForwardSize: String
}

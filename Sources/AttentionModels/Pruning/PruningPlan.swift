public import AttentionTensors

/// Which parts of a model go, and which stay.
public struct PruningPlan: Sendable, Hashable {
    /// The heads that go, by the path of their attention.
    public let removedHeads: [String: [Int]]
    /// The hidden units that stay, by the path of their feed-forward layer: as many everywhere. Empty if all stay.
    public let keptUnits: [String: [Int]]
    /// All that stays, by path, where something goes.
    let kept: [String: [Int]]

    /// The plan by which a share of all heads and of the hidden units of every layer go: those that matter least.
    ///
    /// Heads of different layers are compared by their scores over the length of the vector of their layer's (Michel et al. 2019, sec. 4.1, after Molchanov
    /// et al. 2017). Every attention keeps at least one head.
    /// - Parameters:
    ///   - parts: the parts of the model.
    ///   - scores: how much each part matters, by path.
    ///   - protected: heads that stay whatever their score, by path.
    public init(
        of parts: [PrunableParts], scores: [String: [Float]], headShare: Double, unitShare: Double,
        protecting protected: [String: Set<Int>] = [:]
    ) {
        let heads = parts.filter { $0.part == .heads }
        var removed: [String: [Int]] = [:]
        var left = Int((headShare * Double(heads.reduce(0) { $0 + $1.count })).rounded(.down))
        for head in Self.ranked(heads, scores) where left > 0 {
            let gone = removed[head.path, default: []]
            guard gone.count + 1 < head.count, protected[head.path]?.contains(head.index) != true else { continue }
            removed[head.path] = gone + [head.index]
            left -= 1
        }
        removedHeads = removed.mapValues { $0.sorted() }
        var units: [String: [Int]] = [:]
        for layer in parts where layer.part == .hiddenUnits && unitShare > 0 {
            let count = max(1, layer.count - Int((unitShare * Double(layer.count)).rounded(.down)))
            let scores = scores[layer.path] ?? []
            let order = scores.indices.sorted { (scores[$1], $0) < (scores[$0], $1) }
            units[layer.path] = order.prefix(count).sorted()
        }
        keptUnits = units
        kept = heads.reduce(into: units) { kept, attention in
            guard let gone = removed[attention.path] else { return }
            kept[attention.path] = (0..<attention.count).filter { !gone.contains($0) }
        }
    }

    /// The plan by which these heads go, and no other.
    /// - Parameters:
    ///   - parts: the parts of the model.
    ///   - removed: the heads, by the path of their attention; attentions of which none goes may be left out.
    public init(of parts: [PrunableParts], removing removed: [String: [Int]]) {
        removedHeads = removed.filter { !$0.value.isEmpty }.mapValues { $0.sorted() }
        keptUnits = [:]
        kept = parts.reduce(into: [:]) { kept, attention in
            guard attention.part == .heads, let gone = removed[attention.path], !gone.isEmpty else { return }
            kept[attention.path] = (0..<attention.count).filter { !gone.contains($0) }
        }
    }

    /// A head of some attention.
    private struct Head {
        let path: String
        let index: Int
        let count: Int
        let score: Float
    }

    /// All heads, those that matter least first.
    private static func ranked(_ heads: [PrunableParts], _ scores: [String: [Float]]) -> [Head] {
        let all = heads.enumerated().flatMap { place, attention in
            let own = scores[attention.path] ?? Array(repeating: 0, count: attention.count)
            let length = max(own.reduce(0) { $0 + $1 * $1 }.squareRoot(), .leastNormalMagnitude)
            return own.enumerated().map { index, score in
                (place, Head(path: attention.path, index: index, count: attention.count, score: score / length))
            }
        }
        return all.sorted { ($0.1.score, $0.0, $0.1.index) < ($1.1.score, $1.0, $1.1.index) }.map(\.1)
    }

    /// How many hidden units a feed-forward layer has left; nil if all stay.
    public var unitCount: Int? { keptUnits.values.first?.count }

    /// How many heads go.
    public var removedHeadCount: Int { removedHeads.values.reduce(0) { $0 + $1.count } }

    /// The model that is left.
    /// - Throws: `ShapeError` if the plan is one of another model.
    public func applied<Model: Module>(to model: Model) throws(ShapeError) -> Model { try model.keepingParts(kept) }

    /// The heads that are gone, in the numbers that they had in a whole model of `headCount` heads, where some were gone before.
    func removed(before: [String: [Int]], headCount: Int) -> [String: [Int]] {
        removedHeads.reduce(into: before) { all, gone in
            let missing = before[gone.key] ?? []
            let left = (0..<headCount).filter { !missing.contains($0) }
            all[gone.key] = (missing + gone.value.map { left[$0] }).sorted()
        }
    }
}

extension TransformerConfiguration {
    public func pruned(_ plan: PruningPlan) -> TransformerConfiguration? {
        guard allowsPruning else { return nil }
        var sizes = self
        if !plan.removedHeads.isEmpty {
            sizes.prunedHeads = plan.removed(before: prunedHeads ?? [:], headCount: headCount)
        }
        if let count = plan.unitCount { sizes.feedForwardSize = count }
        return sizes
    }
}

public import AttentionTensors

/// How low-rank adapters are added to a model.
public struct AdapterPlan: Sendable, Hashable {
    /// r.
    public var rank: Int
    /// α; what is added is multiplied by α / r.
    public var alpha: Float
    /// The probability of dropping an element before A in training.
    public var dropout: Float
    /// The maps that get one, by the end of their names: `query`, `feed_forward.up`.
    public var targets: [String]

    /// Adapters of this rank.
    public init(rank: Int, alpha: Float, dropout: Float = 0, targets: [String]) {
        (self.rank, self.alpha, self.dropout, self.targets) = (rank, alpha, dropout, targets)
    }
}

extension Module {
    /// This model with adapters on maps of its `encoder`: they and the `head` are trained, all else is frozen.
    /// - Throws: `ParameterPatternError` naming a target that no map of the encoder has.
    public func adapted(_ plan: AdapterPlan, key: RandomKey) throws(ParameterPatternError) -> Self {
        var (copy, visitor) = (self, AdapterMaker(plan: plan, key: key))
        copy.visit(&visitor, ParameterPath())
        if let idle = plan.targets.first(where: { !visitor.found.contains($0) }) {
            throw ParameterPatternError(pattern: "*." + idle, names: visitor.maps)
        }
        return copy
    }
}

extension Module {
    /// This module with every adapter made part of the weight that it belongs to: W + α / r · B A.
    public func mergingAdapters() throws(ShapeError) -> Self {
        var (copy, visitor) = (self, AdapterMerger())
        try copy.visit(&visitor, ParameterPath())
        return copy
    }
}

private struct AdapterMaker: ParameterVisitor {
    let plan: AdapterPlan
    let key: RandomKey
    var maps: [String] = []
    var found: Set<String> = []

    mutating func visit<Map: AdaptableMap>(map: inout Map, _ path: ParameterPath) {
        let name = path.description
        guard name.hasPrefix("encoder.") else { return }
        maps.append(name)
        guard let target = plan.targets.first(where: { name.hasSuffix("." + $0) }) else { return }
        found.insert(target)
        map.adapter = LowRankAdapter(
            of: map.weight.shape, rank: plan.rank, alpha: plan.alpha, dropout: plan.dropout, key: key[maps.count])
    }

    mutating func visit(_ parameter: inout Parameter, _ path: ParameterPath) {
        let name = path.description
        // A pooler beside the vectors is no head: no loss reads it.
        let isHead = name.hasPrefix("head.") && !name.hasPrefix("head.pooler.")
        if parameter.role == .trained, !isHead, !name.contains(".adapter.") { parameter.role = .frozen }
    }
}

private struct AdapterMerger: ParameterVisitor {
    mutating func visit<Map: AdaptableMap>(map: inout Map, _ path: ParameterPath) throws(ShapeError) {
        guard let adapter = map.adapter else { return }
        map.weight = Parameter(map.weight.tensor + (try adapter.product))
        map.adapter = nil
    }

    mutating func visit(_ parameter: inout Parameter, _ path: ParameterPath) throws(ShapeError) {}
}

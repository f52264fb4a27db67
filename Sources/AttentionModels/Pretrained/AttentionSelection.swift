/// Which heads of which layers are looked into, both counted from 0.
public struct AttentionSelection: Sendable, Hashable {
    /// The layers; nil for all.
    public let layers: [Int]?
    /// The heads of each of them; nil for all.
    public let heads: [Int]?

    /// These heads of these layers; nil for all.
    public init(layers: [Int]? = nil, heads: [Int]? = nil) { (self.layers, self.heads) = (layers, heads) }

    /// All heads of all layers.
    public static let all = AttentionSelection()
    /// None.
    public static let none = AttentionSelection(layers: [], heads: [])

    /// Whether nothing is looked into.
    public var isEmpty: Bool { layers?.isEmpty == true || heads?.isEmpty == true }

    /// Whether something of a layer is looked into.
    func contains(layer: Int) -> Bool { !isEmpty && layers?.contains(layer) ?? true }

    /// Checks that a model of these sizes has what is chosen.
    /// - Throws: `PretrainedError.unknownAttention` naming what it lacks.
    public func check(layerCount: Int, headCount: Int) throws(PretrainedError) {
        for (kind, chosen, count) in [("layers", layers, layerCount), ("heads", heads, headCount)] {
            guard let wrong = chosen?.first(where: { !(0..<count).contains($0) }) else { continue }
            throw .unknownAttention(kind, found: wrong, count: count)
        }
    }
}

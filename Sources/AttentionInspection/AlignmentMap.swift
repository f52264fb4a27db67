/// Where every layer and head of a model looked while it read or wrote one sentence: the one contract between models
/// and everything that draws or measures attention.
///
/// As JSON it is an object with the keys `name`, `source`, `target` and `weights`, and optionally `layerNames`,
/// `headNames` and `chosen`. `weights[layer][head][target][source]` says how much of the attention of that target token
/// went to that source token. Rows usually sum to 1, but need not: hard, masked or unnormalized attention is welcome.
public struct AlignmentMap: Sendable, Equatable {
    /// What the map shows, e.g. the name of the model. A title, nothing more.
    public let name: String

    /// The tokens attended to, one per column.
    public let source: [String]

    /// The tokens that attend, one per row.
    public let target: [String]

    /// The attention weights, `[layer][head][target][source]`: finite, not negative.
    public let weights: [[[[Float]]]]

    /// A name for each layer; `nil` when counting is enough.
    public let layerNames: [String]?

    /// A name for each head, the same in every layer; `nil` when counting is enough.
    public let headNames: [String]?

    /// The head worth showing first, where the maker of the map knows one.
    public let chosen: HeadIndex?

    /// Checks and keeps the parts of a map.
    ///
    /// - Parameters:
    ///   - name: a title.
    ///   - source: the K tokens attended to.
    ///   - target: the Q tokens that attend.
    ///   - weights: `[layer][head][Q][K]`, every layer with the same number of heads.
    ///   - layerNames: one name per layer.
    ///   - headNames: one name per head.
    ///   - chosen: the head worth showing first.
    /// - Throws: `AlignmentError` when there is no head, when layers, rows or names do not fit each other in number,
    ///   when a weight is negative, infinite or not a number, or when the chosen head does not exist.
    public init(
        name: String, source: [String], target: [String], weights: [[[[Float]]]],
        layerNames: [String]? = nil, headNames: [String]? = nil, chosen: HeadIndex? = nil
    ) throws(AlignmentError) {
        guard let headCount = weights.first?.count, headCount > 0 else { throw .noHeads }
        for (layer, heads) in weights.enumerated() {
            try expect(headCount, "heads in weights[\(layer)], as in weights[0]", heads.count)
            for (head, rows) in heads.enumerated() {
                try checkRows(rows, layer: layer, head: head, targetCount: target.count, sourceCount: source.count)
            }
        }
        if let layerNames { try expect(weights.count, "layer names", layerNames.count) }
        if let headNames { try expect(headCount, "head names", headNames.count) }
        self.init(
            unchecked: name, source: source, target: target, weights: weights,
            layerNames: layerNames, headNames: headNames, chosen: chosen)
        if let chosen { try check(chosen) }
    }

    /// The parts of a map that are right by construction.
    init(
        unchecked name: String, source: [String], target: [String], weights: [[[[Float]]]],
        layerNames: [String]?, headNames: [String]?, chosen: HeadIndex?
    ) {
        self.name = name
        self.source = source
        self.target = target
        self.weights = weights
        self.layerNames = layerNames
        self.headNames = headNames
        self.chosen = chosen
    }

    /// The number of layers, at least one.
    public var layerCount: Int { weights.count }

    /// The number of heads of each layer, at least one.
    public var headCount: Int { weights[0].count }
}

/// Which head of which layer, both counted from 0.
public struct HeadIndex: Sendable, Hashable, Codable {
    /// The layer, from 0.
    public let layer: Int
    /// The head within its layer, from 0.
    public let head: Int

    /// Names a head; whether a map has it is checked where it is used.
    public init(layer: Int, head: Int) {
        self.layer = layer
        self.head = head
    }
}

private func expect(_ expected: Int, _ list: String, _ found: Int) throws(AlignmentError) {
    guard found == expected else {
        throw .count(operation: "alignment map", list: list, expected: expected, found: found)
    }
}

/// Checks one head: a row per target token, a weight per source token, all finite and not negative.
func checkRows(
    _ rows: [[Float]], layer: Int, head: Int, targetCount: Int, sourceCount: Int
) throws(AlignmentError) {
    try expect(targetCount, "rows in weights[\(layer)][\(head)], one per target token", rows.count)
    for (target, row) in rows.enumerated() {
        guard row.count == sourceCount else {
            throw .raggedRow(layer: layer, head: head, target: target, expected: sourceCount, found: row.count)
        }
        for (source, weight) in row.enumerated() where !(weight >= 0 && weight.isFinite) {
            throw .badWeight(layer: layer, head: head, target: target, source: source, value: weight)
        }
    }
}

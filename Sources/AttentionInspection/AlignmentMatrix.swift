/// One head's attention, or the mean of several: a row for every target token, a column for every source token.
/// This is what pictures show and numbers measure.
public struct AlignmentMatrix: Sendable, Equatable {
    /// A title.
    public let name: String

    /// The tokens attended to, one per column.
    public let source: [String]

    /// The tokens that attend, one per row.
    public let target: [String]

    /// The attention weights, `[target][source]`: finite, not negative.
    public let weights: [[Float]]

    /// Checks and keeps one matrix of weights.
    ///
    /// - Parameters:
    ///   - name: a title.
    ///   - source: the K tokens attended to.
    ///   - target: the Q tokens that attend.
    ///   - weights: `[Q][K]`.
    /// - Throws: `AlignmentError` when rows or columns do not fit the tokens in number, or a weight is negative,
    ///   infinite or not a number.
    public init(name: String = "", source: [String], target: [String], weights: [[Float]]) throws(AlignmentError) {
        try checkRows(weights, layer: 0, head: 0, targetCount: target.count, sourceCount: source.count)
        self.init(unchecked: name, source: source, target: target, weights: weights)
    }

    /// The parts of a matrix that are right by construction.
    init(unchecked name: String, source: [String], target: [String], weights: [[Float]]) {
        self.name = name
        self.source = source
        self.target = target
        self.weights = weights
    }

    /// The same weights seen from the other side: rows become columns.
    public var transposed: AlignmentMatrix {
        let columns = source.indices.map { column in weights.map { $0[column] } }
        return AlignmentMatrix(unchecked: name, source: target, target: source, weights: columns)
    }

    /// The greatest weight, 0 for a matrix without cells.
    public var greatestWeight: Float { weights.lazy.flatMap(\.self).max() ?? 0 }
}

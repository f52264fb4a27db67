public import AttentionMechanisms
public import AttentionTensors

/// Rows of ids [B, L] as encoders read them.
public struct TokenBatch: Sendable {
    /// B.
    public let rowCount: Int
    /// L.
    public let length: Int
    /// Row-major, padding included.
    public let ids: [Int]
    /// Which of them are real.
    public let present: Presence
    /// Which of two texts each id belongs to, row-major; nil: all to the first.
    public let types: [Int]?
    /// Where each id stands; nil: as the model counts them.
    public let positions: Positions?

    /// Rows of ids, row-major.
    /// - Throws: `ShapeError` unless there are B · L of each.
    public init(
        ids: [Int], rowCount: Int, length: Int, present: Presence = .all, types: [Int]? = nil,
        positions: Positions? = nil
    ) throws(ShapeError) {
        for count in [ids.count, types?.count ?? ids.count] {
            guard count == rowCount * length else {
                throw ShapeError("TokenBatch", expected: "\(rowCount) rows of \(length) ids", found: "\(count)")
            }
        }
        _ = try present.mask(rowCount: rowCount, length: length)
        (self.rowCount, self.length, self.ids) = (rowCount, length, ids)
        (self.present, self.types, self.positions) = (present, types, positions)
    }

    /// Sequences filled up with `padding` to the length of the longest.
    /// - Throws: `ShapeError` unless each type belongs to an id.
    public init(_ sequences: [[Int]], types: [[Int]]? = nil, padding: Int) throws(ShapeError) {
        try self.init(
            PaddedBatch(sequences, padding: padding), types: types.map { PaddedBatch($0, padding: 0).ids })
    }

    /// Sequences that are filled up already.
    /// - Throws: `ShapeError` unless there are as many types as ids.
    public init(_ batch: PaddedBatch, types: [Int]? = nil) throws(ShapeError) {
        try self.init(
            ids: batch.ids, rowCount: batch.rowCount, length: batch.length, present: batch.presence, types: types)
    }
}

extension PaddedBatch {
    /// Which ids are real.
    var presence: Presence { lengths.allSatisfy { $0 == length } ? .all : .first(lengths) }
}

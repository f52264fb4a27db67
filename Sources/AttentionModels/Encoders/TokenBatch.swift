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
    /// Which text each id belongs to where several stand in a row, row-major, those of a text one behind the other; nil where a row is one text. For
    /// encoders that keep texts apart.
    public let texts: [Int]?

    /// Rows of ids, row-major.
    /// - Throws: `ShapeError` unless there are B · L of each.
    public init(
        ids: [Int], rowCount: Int, length: Int, present: Presence = .all, types: [Int]? = nil,
        positions: Positions? = nil, texts: [Int]? = nil
    ) throws(ShapeError) {
        for count in [ids.count, types?.count ?? ids.count, texts?.count ?? ids.count] {
            guard count == rowCount * length else {
                throw ShapeError("TokenBatch", expected: "\(rowCount) rows of \(length) ids", found: "\(count)")
            }
        }
        _ = try present.mask(rowCount: rowCount, length: length)
        (self.rowCount, self.length, self.ids) = (rowCount, length, ids)
        (self.present, self.types, self.positions, self.texts) = (present, types, positions, texts)
    }

    /// Texts behind one another in one row, without any padding, for encoders that keep texts apart.
    /// - Throws: `ShapeError` unless each type belongs to an id.
    public init(behindOneAnother sequences: [[Int]], types: [[Int]]? = nil) throws(ShapeError) {
        let ids = Array(sequences.joined())
        try self.init(
            ids: ids, rowCount: 1, length: ids.count, types: types.map { Array($0.joined()) },
            texts: sequences.enumerated().flatMap { text, ids in ids.map { _ in text } })
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

extension TokenBatch {
    /// Which pairs of a row belong to one text, [B, 1, L, L]; nil where a row is one text.
    var sameText: Mask? {
        texts.map { texts in
            Mask(
                shape: [rowCount, 1, length, length],
                bytes: (0..<rowCount).flatMap { row -> [UInt8] in
                    let own = texts[row * length..<(row + 1) * length]
                    return own.flatMap { text in own.map { $0 == text ? 1 : 0 } }
                })
        }
    }
}

extension PaddedBatch {
    /// Which ids are real.
    var presence: Presence { lengths.allSatisfy { $0 == length } ? .all : .first(lengths) }
}

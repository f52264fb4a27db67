import Attention

/// What `compute` makes of rows of pieces, in their order.
///
/// In `exact`, only rows of one length are computed at once: those that are filled up to a common length are added up in another order, so that the last
/// bits of an answer would depend on who else is in the batch.
func answers<Answer>(
    to rows: [Encoding], at precision: Precision, _ compute: ([Encoding]) throws -> [Answer]
) throws -> [Answer] {
    guard precision == .exact else { return try compute(rows) }
    var found: [(place: Int, answer: Answer)] = []
    for places in Dictionary(grouping: rows.indices, by: { rows[$0].ids.count }).values {
        found += zip(places, try compute(places.map { rows[$0] })).map { ($0, $1) }
    }
    return found.sorted { $0.place < $1.place }.map(\.answer)
}

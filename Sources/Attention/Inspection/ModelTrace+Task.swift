public import AttentionInspection
import AttentionModels
import AttentionTensors

extension ModelTrace {
    /// Where chosen heads looked in one row of a task's run: the pieces of a text, the patches of a picture or the moments of a sound among
    /// themselves; or what was written or found, at the places of a picture or the moments of a sound.
    ///
    /// Moments of a sound are called by the seconds at which they begin. Those of the silence that fills up a window are left out, and the rows
    /// stay as they were: what they lack to 1 went there (`omission(of:)`).
    ///
    /// - Parameters:
    ///   - name: a title.
    ///   - row: what was noted.
    ///   - heads: the heads that were looked into, counted from 0; all if nil.
    /// - Throws: `TraceError` if nothing was looked into, or layers look at other places than each other.
    public init(name: String, _ row: TaskRun.ObservedRow, heads: [Int]? = nil) throws {
        guard let first = row.layers.first else { throw TraceError.nothing }
        let isOfItself = row.pieces == row.places
        let kept = row.silentCount > 0 ? row.soundPlaces : nil
        let layers = try row.layers.map { layer in
            var weights = layer.weights
            if let kept {
                weights = try weights.keeping(kept, axis: 2)
                if isOfItself { weights = try weights.keeping(kept, axis: 1) }
            }
            return LayerAttention(layer: layer.layer, weights: weights.unsqueezed(axis: 0))
        }
        if isOfItself {
            let part = TracedAttention(.encoder, queries: 0, keys: 0, of: layers, heads: heads)
            let looking = try kept.map { try row.looking.keeping($0, as: "text") } ?? row.looking
            try self.init(
                name: name,
                sequences: [try looking.named("text", on: row.picture, omittedCount: row.silentCount)],
                attention: part.map { [$0] } ?? [])
        } else {
            let width = kept?.count ?? first.weights.shape[2]
            let names = row.places.isEmpty ? Self.moments(width, of: row.picture?.seconds) : nil
            let places = names ?? kept.map { $0.map { row.places[$0] } } ?? row.places
            let part = TracedAttention(.cross, queries: 1, keys: 0, of: layers, heads: heads)
            try self.init(
                name: name,
                sequences: [
                    try TracedSequence(
                        name: "source", pieces: places, picture: row.picture, omittedCount: row.silentCount),
                    try row.looking.named("target", on: nil),
                ], attention: part.map { [$0] } ?? [])
        }
    }

    /// What moments of a sound are called: when each begins, or, where nobody knows how long it is, their numbers.
    private static func moments(_ count: Int, of seconds: Double?) -> [String] {
        (0..<count).map { moment in
            seconds.map { "\(($0 * Double(moment) / Double(count)).decimals(2)) s" } ?? "\(moment + 1)"
        }
    }
}

extension Tensor {
    /// [heads, L, K] with some of its rows or columns alone.
    fileprivate func keeping(_ places: [Int], axis: Int) throws(ShapeError) -> Tensor {
        try transposed(0, axis).selecting(places).transposed(0, axis).contiguous()
    }
}

public import AttentionInspection
import AttentionModels
import AttentionTensors

extension ModelTrace {
    /// Where chosen heads looked in one row of a task's run: the pieces of a text, the patches of a picture or the moments of a sound among
    /// themselves; or what was written or found, at the places of a picture or the moments of a sound.
    ///
    /// - Parameters:
    ///   - name: a title.
    ///   - row: what was noted.
    ///   - heads: the heads that were looked into, counted from 0; all if nil.
    /// - Throws: `TraceError` if nothing was looked into, or layers look at other places than each other.
    public init(name: String, _ row: TaskRun.ObservedRow, heads: [Int]? = nil) throws(TraceError) {
        let layers = row.layers.map { LayerAttention(layer: $0.layer, weights: $0.weights.unsqueezed(axis: 0)) }
        guard let width = layers.first?.weights.shape[3] else { throw .nothing }
        if row.pieces == row.places {
            let part = TracedAttention(.encoder, queries: 0, keys: 0, of: layers, heads: heads)
            try self.init(
                name: name, sequences: [try TracedSequence(name: "text", pieces: row.pieces, picture: row.picture)],
                attention: part.map { [$0] } ?? [])
        } else {
            // Moments have no names but their numbers.
            let places = row.places.isEmpty ? (1...max(1, width)).map(String.init) : row.places
            let part = TracedAttention(.cross, queries: 1, keys: 0, of: layers, heads: heads)
            try self.init(
                name: name,
                sequences: [
                    try TracedSequence(name: "source", pieces: places, picture: row.picture),
                    try TracedSequence(name: "target", pieces: row.pieces),
                ], attention: part.map { [$0] } ?? [])
        }
    }
}

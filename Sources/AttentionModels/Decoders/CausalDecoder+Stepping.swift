public import AttentionDecoding
import AttentionLayers
public import AttentionMechanisms
public import AttentionTensors

extension CausalDecoder {
    /// What has been read so far by R rows.
    public struct State: DecoderState {
        /// What each layer remembers.
        fileprivate var caches: [KeyValueCache]
        public private(set) var rowCount: Int

        /// How many tokens each row has read.
        public var lengths: [Int] { caches.first?.lengths ?? [Int](repeating: 0, count: rowCount) }

        /// The bytes of all pages.
        public var byteCount: Int { caches.reduce(0) { $0 + $1.byteCount } }

        fileprivate init(caches: [KeyValueCache], rowCount: Int) { (self.caches, self.rowCount) = (caches, rowCount) }

        public func selecting(_ rows: [Int]) throws(ShapeError) -> State {
            if rows.elementsEqual(0..<rowCount) { return self }
            var result = self
            result.rowCount = rows.count
            for layer in caches.indices { result.caches[layer] = try caches[layer].selecting(rows) }
            return result
        }

        /// Takes back what was read behind these lengths, one for each row.
        /// - Throws: `ShapeError` if a row is shorter, or a window has left behind what would be looked at again.
        public mutating func truncate(to lengths: [Int]) throws(ShapeError) {
            var result = self
            for layer in caches.indices { try result.caches[layer].truncate(to: lengths) }
            self = result
        }
    }

    /// Nothing read yet, by so many rows; the numbers of keys and values are kept as `format` says.
    public func start(rowCount: Int, format: PageFormat = .float32) -> State {
        State(caches: layers.map { $0.cache(rowCount: rowCount, format: format) }, rowCount: rowCount)
    }

    /// Reads the next tokens of each row: what stands under the last norm, [R, T, M], and where each layer and head looked, [R, T, L, H, K],
    /// if `aligning`.
    /// - Throws: `ShapeError` if a token or a position is out of range; the state is then as before.
    func step(
        _ tokens: [[Int]], _ state: inout State, aligning: Bool
    ) throws(ShapeError) -> (hidden: Tensor, alignments: Tensor?) {
        let chunk = PaddedBatch(tokens, padding: 0)
        let counts = tokens.allSatisfy { $0.count == chunk.length } ? nil : chunk.lengths
        // No position stands behind the end of a shorter row.
        let places = zip(state.lengths, tokens).map { first, row in
            (0..<chunk.length).map { first + min($0, row.count - 1) }
        }
        var x = try embed(chunk.ids, shape: chunk.shape, .at(places))
        var weights: [Tensor] = []
        for (index, layer) in layers.enumerated() {
            let read = try layer.step(x, counts: counts, past: &state.caches[index], aligning: aligning)
            x = read.output
            if let looked = read.weights { weights.append(looked.transposed(1, 2)) }  // [R, T, H, K]
        }
        return (try norm(x), aligning ? try stacked(weights, axis: 2) : nil)
    }
}

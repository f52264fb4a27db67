import AttentionDecoding
import AttentionLayers
public import AttentionMechanisms
public import AttentionTensors

extension CausalDecoder {
    /// What has been read so far by R rows.
    public struct State: TextState {
        /// What each layer remembers.
        fileprivate var caches: [KeyValueCache]
        public private(set) var rowCount: Int
        /// The tokens that each row has read, and whether they were turned as in a long text; nil where that makes no difference.
        fileprivate var turned: (tokens: [[Int]], isLong: Bool)?
        public let format: PageFormat

        fileprivate init(caches: [KeyValueCache], rowCount: Int, format: PageFormat, keepsTokens: Bool) {
            (self.caches, self.rowCount, self.format) = (caches, rowCount, format)
            turned = keepsTokens ? (tokens: [[Int]](repeating: [], count: rowCount), isLong: false) : nil
        }

        public var lengths: [Int] { caches.first?.lengths ?? [Int](repeating: 0, count: rowCount) }

        public var byteCount: Int { caches.reduce(0) { $0 + $1.byteCount } }

        public func selecting(_ rows: [Int]) throws(ShapeError) -> State {
            if rows.elementsEqual(0..<rowCount) { return self }
            var result = self
            for layer in caches.indices { result.caches[layer] = try caches[layer].selecting(rows) }
            result.rowCount = rows.count
            if let turned { result.turned?.tokens = rows.map { turned.tokens[$0] } }
            return result
        }

        public mutating func truncate(to lengths: [Int]) throws(ShapeError) {
            var result = self
            for layer in caches.indices { try result.caches[layer].truncate(to: lengths) }
            if let turned { result.turned?.tokens = zip(turned.tokens, lengths).map { Array($0.prefix($1)) } }
            self = result
        }

        public static func joining(_ states: [State]) throws(ShapeError) -> State {
            guard var result = states.first, states.allSatisfy({ $0.caches.count == result.caches.count }) else {
                throw ShapeError(
                    "joining", expected: "states of one model, at least one",
                    found: "\(states.map(\.caches.count)) layers")
            }
            guard states.allSatisfy({ $0.turned == nil }) else {
                throw ShapeError(
                    "joining", expected: "texts that are read the same whatever stands beside them",
                    found: "positions turned by the longest text")
            }
            for layer in result.caches.indices { result.caches[layer] = try .joining(states.map { $0.caches[layer] }) }
            result.rowCount = states.reduce(0) { $0 + $1.rowCount }
            return result
        }
    }

    /// Where long texts begin that are read otherwise; nil where there are none.
    private var longTextLength: Int? {
        guard case .beyond(let length) = lengthDependence else { return nil }
        return length
    }

    /// Nothing read yet, by so many rows; the numbers of keys and values are kept as `format` says.
    public func start(rowCount: Int, format: PageFormat = .float32) -> State {
        State(
            caches: layers.map { $0.cache(rowCount: rowCount, format: format) }, rowCount: rowCount, format: format,
            keepsTokens: longTextLength != nil)
    }

    /// Reads the next tokens of each row: what stands under the last norm, [R, T, M], and where each layer and head looked, [R, T, L, H, K],
    /// if `aligning`.
    /// - Throws: `ShapeError` if a token or a position is out of range.
    func step(
        _ tokens: [[Int]], _ state: inout State, aligning: Bool
    ) throws(ShapeError) -> (hidden: Tensor, alignments: Tensor?) {
        guard let longTextLength, let turned = state.turned else { return try read(tokens, &state, aligning: aligning) }
        let all = zip(turned.tokens, tokens).map { $0 + $1 }
        let isLong = all.contains { $0.count > longTextLength }
        guard isLong != turned.isLong, turned.tokens.contains(where: { !$0.isEmpty }) else {
            state.turned = (all, isLong)
            return try read(tokens, &state, aligning: aligning)
        }
        // What was read as a short text has become a part of a long one, and says other things: it is read again.
        var again = start(rowCount: state.rowCount, format: state.format)
        let found = try read(all, &again, aligning: aligning)
        again.turned = (all, isLong)
        state = again
        let ends = zip(all, tokens).map { (first: $0.count - $1.count, count: $1.count) }
        return (try found.hidden.selecting(ends), try found.alignments?.selecting(ends))
    }

    private func read(
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
            let read = try layer.placed(at: index).step(
                x, counts: counts, past: &state.caches[index], aligning: aligning)
            x = read.output
            if let looked = read.weights { weights.append(looked.transposed(1, 2)) }  // [R, T, H, K]
        }
        return (try norm(x), aligning ? try stacked(weights, axis: 2) : nil)
    }
}

extension Tensor {
    /// [R, T, …] → [R, longest count, …]: of each row so many from a place on; the last again behind shorter ones.
    fileprivate func selecting(_ stretches: [(first: Int, count: Int)]) throws(ShapeError) -> Tensor {
        let length = stretches.reduce(0) { max($0, $1.count) }
        let places = stretches.enumerated().flatMap { row, stretch in
            (0..<length).map { row * shape[1] + stretch.first + min($0, stretch.count - 1) }
        }
        let rest = Array(shape.dimensions.dropFirst(2))
        return try reshaped(to: [shape[0] * shape[1], rest.reduce(1, *)]).rows(places, shape: [shape[0], length])
            .reshaped(to: [shape[0], length] + rest)
    }
}

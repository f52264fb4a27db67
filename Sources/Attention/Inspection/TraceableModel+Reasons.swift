public import AttentionInspection
import AttentionLayers
public import AttentionModels
import AttentionTensors

extension TraceableModel {
    /// Where chosen heads look, and why each of them looks from one word to another: its score by what the query and the key have read. Of words of
    /// several pieces it is the pair of pieces that the head gives most.
    ///
    /// - Parameter heads: counted from 0.
    /// - Throws: as `trace`; `TraceError` if there is no such attention or word; `TraceWeightsError` if scores are no inner products, or are not known
    ///   as sums.
    /// - Complexity: for each layer, the layers before it once more.
    public func reasons(
        of heads: AttentionSelection, _ kind: TracedAttention.Kind, _ focus: TraceFocus, _ grain: ModelTrace.Grain,
        in text: String, and second: String?
    ) throws -> (trace: ModelTrace, reasons: [ScoreParts]) {
        let (trace, recorded) = try recordingHeads { try self.trace(text, and: second, heads: heads) }
        let part = try trace.part(kind)
        let layers = try part.layers.map { layer in
            guard let own = recorded[Ablation.Place(kind.rawValue, layer: layer)], let scale = own.scale else {
                throw TraceWeightsError.noInnerProducts(view: "reasons", kind: kind.rawValue)
            }
            // A layer that pruning has left fewer heads than others has nothing to tell of the rest.
            let pairs = try part.heads.filter { $0 < own.query.shape[1] }.map { head in
                let head = HeadIndex(layer: layer, head: head)
                return (head, try trace.greatestPair(of: kind, head, focus, grain))
            }
            return (own: own, scale: scale, pairs: pairs, places: kind.places(of: pairs.map(\.1), layer: layer))
        }
        guard let splits = try splitHeads(kind, text, and: second, at: layers.map(\.places)) else {
            throw TraceWeightsError.noParts(kind: kind.rawValue)
        }
        let reasons = try zip(layers, splits).flatMap { layer, split in
            try layer.pairs.map { head, pair in
                try ScoreParts(
                    title: trace.title(of: head, kind, focus), kind: kind, head: head, pair, split,
                    split.products(
                        ofHead: head.head, layer.places.queries.firstIndex(of: pair.query),
                        layer.places.keys.firstIndex(of: pair.key)),
                    scale: layer.scale, found: layer.own.product(ofHead: head.head, pair.query, pair.key))
            }
        }
        return (trace, reasons)
    }
}

extension TracedAttention.Kind {
    /// Where pairs of a layer are split: on both sides alike where a text looks at itself.
    fileprivate func places(of pairs: [(query: Int, key: Int, weight: Float)], layer: Int) -> SplitPlaces {
        let (queries, keys) = (pairs.map(\.query), pairs.map(\.key))
        return self == .cross
            ? SplitPlaces(layer: layer, from: queries, to: keys) : SplitPlaces(layer: layer, among: queries + keys)
    }
}

extension ScoreParts {
    /// - Throws: `TraceWeightsError.otherSum` unless the parts add up to what was found.
    fileprivate init(
        title: String, kind: TracedAttention.Kind, head: HeadIndex, _ pair: (query: Int, key: Int, weight: Float),
        _ split: SplitHeads, _ products: [[Float]], scale: Float, found: Float
    ) throws {
        let sum = products.joined().reduce(0, +)
        guard abs(sum - found) <= 1e-3 * (1 + abs(found)) else {
            throw TraceWeightsError.otherSum(expected: scale * found, found: scale * sum)
        }
        try self.init(
            title: title, kind: kind, head: head, query: pair.query, key: pair.key,
            parts: Self.parts(split.queries), keyParts: Self.parts(split.keys),
            products: products.map { $0.map { scale * $0 } }, score: scale * found, weight: pair.weight)
    }

    private static func parts(_ vectors: SplitVectors) -> [Part] {
        vectors.sources.map { Part(name: $0.name, group: $0.group) }
    }
}

extension SplitHeads {
    /// ⟨q_a, k_b⟩ of all parts of a head, for the query and the key at these places among those that were split.
    fileprivate func products(ofHead head: Int, _ query: Int?, _ key: Int?) throws -> [[Float]] {
        let keyHead = head / (queries.parts.shape[1] / keys.parts.shape[1])
        let left = try queries.parts.at(head, axis: 1).at(query ?? 0, axis: 1)  // [P, D]
        let right = try keys.parts.at(keyHead, axis: 1).at(key ?? 0, axis: 1)
        let products = try matmul(left, right.transposed())  // [P, P']
        return try (0..<products.shape[0]).map { try products.at($0).values }
    }
}

extension HeadActivations {
    /// ⟨q, k⟩ of a pair.
    fileprivate func product(ofHead head: Int, _ query: Int, _ key: Int) throws -> Float {
        let own = try self.query.at(0).at(head).at(query)
        let other = try keys.at(0).at(head / (self.query.shape[1] / keys.shape[1])).at(key)
        return (own * other).sum().values[0]
    }
}

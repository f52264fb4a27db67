public import AttentionInspection
import AttentionLayers
public import AttentionModels
import AttentionTensors

/// What stands in the cells of a picture.
public enum TraceWeights: String, Sendable, CaseIterable {
    /// α_ij: how attention is shared.
    case probability
    /// ‖α_ij W_O^h v_j‖: how much of what is looked at comes through, since a head may look at what it does not read.
    ///
    /// - Source: Kobayashi, Kuribayashi, Yokoi & Inui (2020), *Attention is Not Only a Weight: Analyzing Transformers with Vector Norms*, eq. 3.
    case valueWeighted = "value-weighted"
    /// max(0, α_ij ∂f_i / ∂α_ij), f_i being the outcome at place i, see `WordOutcomes`: how far looking there has raised it.
    ///
    /// - Source: Chefer, Gur & Wolf (2021), *Generic Attention-model Explainability for Interpreting Bi-Modal and Encoder-Decoder Transformers*, eq. 5.
    case gradient
}

/// Why attention cannot be weighed.
public enum TraceWeightsError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A layer without the heads of a Transformer.
    case noHeads(String, kind: String)
    /// Scores that are no inner products.
    case noInnerProducts(view: String, kind: String)
    /// Heads of which nobody knows what has written what they read.
    case noParts(kind: String)
    /// Parts that do not add up to the score.
    case otherSum(expected: Float, found: Float)
    /// No kind of attention has an outcome.
    case noOutcomes(known: [String])

    public var description: String {
        switch self {
        case .noHeads(let weights, let kind):
            "weights: expected \(kind) attention by heads that project values for \(weights), found another; ask for probability"
        case .noInnerProducts(let view, let kind):
            "\(view) view: expected \(kind) attention whose scores are inner products of queries and keys, found another; "
                + "ask for the weight by --view pair"
        case .noParts(let kind):
            "reasons view: expected heads of a model that reads the sum of what its layers have written, found \(kind) attention "
                + "of another model; ask for a dimension at a time by --view neuron"
        case .otherSum(let expected, let found):
            "reasons view: expected maps from what is read to queries and keys that keep sums, found parts that add up to \(found) "
                + "where the score is \(expected); numbers of 8 bits and norms of queries keep none: try --precision float32, or ask for "
                + "--view neuron"
        case .noOutcomes(let known):
            "weights: expected attention that an outcome is known of for gradient, found \(known.joined(separator: ", ")) alone; "
                + "ask for value-weighted"
        }
    }
}

extension TraceableModel {
    /// Where chosen heads look, weighed as it is asked for. Kinds of attention whose outcome nobody can say have no gradients and are left out.
    ///
    /// - Throws: as `trace`; `TraceWeightsError` if attention cannot be weighed so.
    /// - Complexity: for gradients, a backward pass for each place that looks.
    public func trace(
        _ text: String, and second: String?, heads: AttentionSelection, weights: TraceWeights
    ) throws -> ModelTrace {
        switch weights {
        case .probability: return try trace(text, and: second, heads: heads)
        case .valueWeighted:
            let (trace, recorded) = try recordingHeads {
                try self.trace(text, and: second, heads: heads)
            }
            return try trace.weighed(by: weights) { part in
                try part.factors(weights, recorded) { activations, head in
                    let norms = try activations.valueNorms(ofHead: head)
                    return { _ in norms }
                }
            }
        case .gradient:
            let trace = try trace(text, and: second, heads: heads)
            return try trace.weighed(by: weights) { part in
                guard let outcomes = try outcomesIfKnown(part.kind, text, second) else { return nil }
                let (values, recorded) = try recordingHeads {
                    try outcomes.outcomes(outcomes.vectors.unsqueezed(axis: 0))
                }
                let gradients = (0..<values.shape[1]).map { values.gradients(ofPlace: $0) }
                return try part.factors(weights, recorded) { activations, head in
                    try activations.readingProducts(ofHead: head, gradients.map { $0[activations.reading]?.values })
                }
            }
        }
    }

    private func outcomesIfKnown(_ kind: TracedAttention.Kind, _ text: String, _ second: String?) throws
        -> WordOutcomes?
    {
        do { return try outcomes(kind, text, and: second) } catch is FaithfulnessError { return nil }
    }
}

extension ModelTrace {
    /// The same with each weight times its factor, where that is positive; without the kinds that have none.
    fileprivate func weighed(
        by weights: TraceWeights, _ factors: (TracedAttention) throws -> [Float]?
    ) throws -> ModelTrace {
        let parts = try attention.compactMap { part in
            try factors(part).map { factors in
                TracedAttention(
                    kind: part.kind, queries: part.queries, keys: part.keys, layers: part.layers, heads: part.heads,
                    chosen: part.chosen, weights: zip(part.weights, factors).map { max(0, $0 * $1) })
            }
        }
        guard !parts.isEmpty else { throw TraceWeightsError.noOutcomes(known: attention.map(\.kind.rawValue)) }
        return try ModelTrace(name: "\(name), \(weights.rawValue)", sequences: sequences, attention: parts)
    }
}

extension TracedAttention {
    /// A factor for each weight, in their order.
    ///
    /// - Parameter factors: of a head of a layer, those of the keys by the query.
    fileprivate func factors(
        _ weights: TraceWeights, _ recorded: [Ablation.Place: HeadActivations],
        _ factors: (HeadActivations, Int) throws -> (Int) -> [Float]
    ) throws -> [Float] {
        let (height, size) = (layers.count * heads.count, self.weights.count)
        var all: [Float] = []
        all.reserveCapacity(size)
        for layer in layers {
            guard let activations = recorded[Ablation.Place(kind.rawValue, layer: layer)] else {
                throw TraceWeightsError.noHeads(weights.rawValue, kind: kind.rawValue)
            }
            let (queryCount, keyCount) = (activations.query.shape[2], activations.keys.shape[2])
            guard height * queryCount * keyCount == size else {
                throw TraceWeightsError.noHeads(weights.rawValue, kind: kind.rawValue)
            }
            for head in heads {
                // A layer that pruning has left fewer heads than others has zeros behind its own.
                guard head < activations.query.shape[1] else {
                    all += [Float](repeating: 0, count: queryCount * keyCount)
                    continue
                }
                let own = try factors(activations, head)
                for query in 0..<queryCount { all += own(query) }
            }
        }
        return all
    }
}

extension HeadActivations {
    /// The values that a head reads, of the first text, [K, Dv].
    private func values(ofHead head: Int) throws -> Tensor {
        try values.at(0).at(head / (query.shape[1] / values.shape[1]))
    }

    /// ‖W_O^h v_j‖ of each key.
    fileprivate func valueNorms(ofHead head: Int) throws -> [Float] {
        let size = values.shape[3]
        let own = try output.detached().sliced(axis: 1, head * size..<(head + 1) * size)
        let mixed = try linear(try values(ofHead: head), weight: own, bias: nil)
        return try (mixed * mixed).sum(axis: 1).values.map { $0.squareRoot() }
    }

    /// ∂f_i / ∂α_ij = ⟨∂f_i / ∂c_i, v_j⟩ for the queries i, c_i = Σ_j α_ij v_j being what they read.
    ///
    /// - Parameter gradients: of what all queries of all heads read, [H, Q, Dv], for the outcome of each query.
    fileprivate func readingProducts(ofHead head: Int, _ gradients: [[Float]?]) throws -> (Int) -> [Float] {
        let (queryCount, size) = (query.shape[2], values.shape[3])
        let own = try values(ofHead: head).values
        return { query in
            let start = (head * queryCount + query) * size
            guard gradients.indices.contains(query), let gradient = gradients[query] else {
                return [Float](repeating: 0, count: own.count / max(1, size))
            }
            return stride(from: 0, to: own.count, by: max(1, size)).map { value in
                (0..<size).reduce(Float(0)) { $0 + gradient[start + $1] * own[value + $1] }
            }
        }
    }
}

import AttentionMechanisms

/// All sequences of labels, one label a position: a linear chain.
///
/// Parts: start [C], unary [L, C], transition [L − 1, C, C] (from, to), end [C]. A transition has a part for every position it could be taken
/// at.
///
/// *Source:* Lafferty, McCallum & Pereira 2001, *Conditional Random Fields*; Kim et al. 2017, sec. 3.3.
/// - Complexity: O(L C²) to infer.
struct LabelSequences: StructureFamily {
    /// L.
    let length: Int
    /// C.
    let labelCount: Int

    var partCount: Int { end(0) + labelCount }

    func start(_ label: Int) -> Int { label }
    func unary(_ position: Int, _ label: Int) -> Int { (1 + position) * labelCount + label }
    func transition(_ position: Int, _ from: Int, _ to: Int) -> Int {
        (1 + length + position * labelCount + from) * labelCount + to
    }
    func end(_ label: Int) -> Int { (1 + length + max(length - 1, 0) * labelCount) * labelCount + label }

    /// Forwards: a_i(c) = ln Σ_b exp(α_{i−1}(b) + T(b, c)) sums up how label c at position i can be come by, α_i(c) = a_i(c) + u_i(c).
    /// Backwards: μ_i(c) is shared out among these ways, T(b, c) receiving μ_i(c) exp(α_{i−1}(b) + T(b, c) − a_i(c)).
    func infer(_ potentials: [Dual], length: Int) -> Inference {
        var marginals = [Dual](repeating: .zero, count: partCount)
        guard length > 0 else { return Inference(logPartition: .zero, marginals: marginals) }
        let labels = 0..<labelCount
        var arrivals = [labels.map { potentials[start($0)] }]
        var forward = [labels.map { arrivals[0][$0] + potentials[unary(0, $0)] }]
        for position in 1..<length {
            arrivals.append(
                labels.map { to in
                    logSumExp(over: labels) {
                        forward[position - 1][$0] + potentials[transition(position - 1, $0, to)]
                    }
                })
            forward.append(labels.map { arrivals[position][$0] + potentials[unary(position, $0)] })
        }
        let logPartition = logSumExp(over: labels) { forward[length - 1][$0] + potentials[end($0)] }
        guard logPartition.value != -.infinity else {
            return Inference(logPartition: logPartition, marginals: marginals)
        }

        for label in labels {
            let last = (forward[length - 1][label] + potentials[end(label)] - logPartition).exponential
            (marginals[end(label)], marginals[unary(length - 1, label)]) = (last, last)
        }
        for position in (1..<length).reversed() {
            for to in labels where arrivals[position][to].value != -.infinity {
                for from in labels {
                    let part = transition(position - 1, from, to)
                    let way = forward[position - 1][from] + potentials[part] - arrivals[position][to]
                    marginals[part] = marginals[unary(position, to)] * way.exponential
                    marginals[unary(position - 1, from)] += marginals[part]
                }
            }
        }
        for label in labels { marginals[start(label)] = marginals[unary(0, label)] }
        return Inference(logPartition: logPartition, marginals: marginals)
    }
}

/// All dependency trees whose arcs do not cross, with the root as a node to the left of the sentence.
///
/// Spans of nodes i … j grow from shorter ones. *Complete* spans are headed by their left end (R) or their right end (L) and will get no more
/// modifiers inside; *incomplete* ones are held together by an arc from i to j (A) or from j to i (B):
///
///     A(i, j) = arc(i, j) + ln Σ_{i ≤ k < j} exp(R(i, k) + L(k + 1, j))      R(i, j) = ln Σ_{i < k ≤ j} exp(A(i, k) + R(k, j))
///     B(i, j) = arc(j, i) + the same sum                                     L(i, j) = ln Σ_{i ≤ k < j} exp(L(i, k) + B(k, j))
///
/// and ln Z = R(0, n). Going back from the longest span, the probability of every span is shared out among the ways it was made, which is
/// the derivative of ln Z. If the root has one child only, nothing may stand between the two: k = 0 in A(0, j).
///
/// *Source:* Eisner 1996, *Three New Probabilistic Models for Dependency Parsing*; Kim et al. 2017, sec. 3.2 and algorithm 1.
/// - Complexity: O(n³) to infer, O(n²) memory.
struct ProjectiveTrees: StructureFamily {
    /// L, padding included.
    let length: Int
    /// How many words may hang from the root.
    let roots: DependencyAttention.Roots

    private var parts: DependencyParts { DependencyParts(length: length) }
    var partCount: Int { parts.count }

    func infer(_ potentials: [Dual], length: Int) -> Inference {
        let marginals = [Dual](repeating: .zero, count: partCount)
        guard length > 0 else { return Inference(logPartition: .zero, marginals: marginals) }
        let chart = inside(potentials, length)
        let logPartition = chart.right[0, length]
        guard logPartition.value != -.infinity else {
            return Inference(logPartition: logPartition, marginals: marginals)
        }
        return Inference(logPartition: logPartition, marginals: outside(chart, length))
    }

    /// Something for every span of each kind.
    private struct Chart {
        /// R and L, the complete spans.
        var right, left: NodePairs
        /// A and B, the incomplete ones, and the sum both begin with.
        var rightArc, leftArc, halves: NodePairs

        init(_ count: Int, repeating element: Dual) {
            let pairs = NodePairs(count, repeating: element)
            (right, left, rightArc, leftArc, halves) = (pairs, pairs, pairs, pairs, pairs)
        }
    }

    /// Where the left half of an incomplete span may end.
    private func splits(_ i: Int, _ j: Int) -> Range<Int> { i == 0 && roots == .single ? 0..<1 : i..<j }

    private func inside(_ potentials: [Dual], _ length: Int) -> Chart {
        var chart = Chart(length + 1, repeating: .impossible)
        for i in 0...length { (chart.right[i, i], chart.left[i, i]) = (.zero, .zero) }
        for width in 1...length {
            for i in 0...(length - width) {
                let j = i + width
                chart.halves[i, j] = logSumExp(over: splits(i, j)) { chart.right[i, $0] + chart.left[$0 + 1, j] }
                chart.rightArc[i, j] = chart.halves[i, j] + potentials[parts.arc(i, j)]
                chart.right[i, j] = logSumExp(over: (i + 1)..<(j + 1)) { chart.rightArc[i, $0] + chart.right[$0, j] }
                guard i > 0 else { continue }  // nothing heads the root
                chart.leftArc[i, j] = chart.halves[i, j] + potentials[parts.arc(j, i)]
                chart.left[i, j] = logSumExp(over: i..<j) { chart.left[i, $0] + chart.leftArc[$0, j] }
            }
        }
        return chart
    }

    private func outside(_ chart: Chart, _ length: Int) -> [Dual] {
        var marginals = [Dual](repeating: .zero, count: partCount)
        var probability = Chart(length + 1, repeating: .zero)
        probability.right[0, length] = .one
        for width in (1...length).reversed() {
            for i in 0...(length - width) {
                let j = i + width
                if chart.right[i, j].value != -.infinity {
                    for k in (i + 1)...j {
                        let way = chart.rightArc[i, k] + chart.right[k, j] - chart.right[i, j]
                        let share = probability.right[i, j] * way.exponential
                        probability.rightArc[i, k] += share
                        probability.right[k, j] += share
                    }
                }
                if i > 0, chart.left[i, j].value != -.infinity {
                    for k in i..<j {
                        let way = chart.left[i, k] + chart.leftArc[k, j] - chart.left[i, j]
                        let share = probability.left[i, j] * way.exponential
                        probability.left[i, k] += share
                        probability.leftArc[k, j] += share
                    }
                }
                marginals[parts.arc(i, j)] = probability.rightArc[i, j]
                if i > 0 { marginals[parts.arc(j, i)] = probability.leftArc[i, j] }
                guard chart.halves[i, j].value != -.infinity else { continue }
                let halves = probability.rightArc[i, j] + probability.leftArc[i, j]
                for k in splits(i, j) {
                    let way = chart.right[i, k] + chart.left[k + 1, j] - chart.halves[i, j]
                    let share = halves * way.exponential
                    probability.right[i, k] += share
                    probability.left[k + 1, j] += share
                }
            }
        }
        return marginals
    }
}

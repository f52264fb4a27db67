/// All dependency trees. Z is the determinant of the matrix-tree theorem,
///
///     Z = det L,   L = diag(Σ_h A_hm + r_m) − A,   A = exp(arc), r = exp(root)
///
/// computed by taking one word k after another out of the graph. With d_k = Σ_h A_hk, the root being a head like any other, every way through
/// k becomes a direct arc of the others,
///
///     A_hm ← A_hm + A_hk A_km / d_k,   Z = Π_k d_k
///
/// which is Gaussian elimination with diagonals that are sums and not differences: nothing is ever subtracted, so it can be done in logarithms,
/// and scores of any size are as exact as small ones. The inverse of L, which cancels badly, is not needed: going back, the probability of
/// every new arc is shared out between the old arc and the way through k, and the derivative of ln Z is complete when all words are back.
///
/// With a single root only the terms of Z count that have one factor r: then the root is left out of d_k, for all words but the last.
///
/// *Source:* Koo, Globerson, Carreras & Collins 2007, *Structured Prediction Models via the Matrix-Tree Theorem*, sec. 3; the elimination
/// without subtractions: Grassmann, Taksar & Heyman 1985, *Regenerative Analysis and Steady State Distributions for Markov Chains*.
/// - Complexity: O(n³) to infer, in time and memory.
struct NonprojectiveTrees: StructureFamily {
    /// L, padding included.
    let length: Int
    /// How many words may hang from the root.
    let roots: DependencyAttention.Roots

    private var parts: DependencyParts { DependencyParts(length: length) }
    var partCount: Int { parts.count }

    /// A word that has been taken out of the graph.
    private struct Elimination {
        /// k.
        let word: Int
        /// ln d_k.
        let degree: Dual
        /// The words still there.
        let others: [Int]
        /// ln A before and after.
        let before, after: NodePairs
    }

    func infer(_ potentials: [Dual], length: Int) -> Inference {
        var marginals = [Dual](repeating: .zero, count: partCount)
        guard length > 0 else { return Inference(logPartition: .zero, marginals: marginals) }
        var weights = NodePairs(length + 1, repeating: .impossible)
        for modifier in 1...length {
            for head in 0...length where head != modifier {
                weights[head, modifier] = potentials[parts.arc(head, modifier)]
            }
        }
        var eliminations: [Elimination] = []
        var words = Array(1...length)
        var logPartition = Dual.zero
        while words.count > 1 {
            guard let next = elimination(of: words, weights) else {
                return Inference(logPartition: .impossible, marginals: marginals)
            }
            logPartition += next.degree
            (words, weights) = (next.others, next.after)
            eliminations.append(next)
        }
        logPartition += weights[0, words[0]]
        guard logPartition.value != -.infinity else {
            return Inference(logPartition: logPartition, marginals: marginals)
        }

        var probability = NodePairs(length + 1, repeating: .zero)
        probability[0, words[0]] = .one
        for elimination in eliminations.reversed() { undo(elimination, &probability) }
        for modifier in 1...length {
            for head in 0...length where head != modifier {
                // Rounding may leave a little less than nothing.
                let found = probability[head, modifier]
                marginals[parts.arc(head, modifier)] = Dual(value: max(found.value, 0), tangent: found.tangent)
            }
        }
        return Inference(logPartition: logPartition, marginals: marginals)
    }

    /// The nodes whose arcs d_k sums up.
    private func heads(_ others: [Int]) -> [Int] { roots == .single ? others : [0] + others }

    /// Takes out the last word that any of the others could head; there is none if no tree is possible.
    private func elimination(of words: [Int], _ before: NodePairs) -> Elimination? {
        for word in words.reversed() {
            let others = words.filter { $0 != word }
            let heads = heads(others)
            let degree = logSumExp(over: heads.indices) { before[heads[$0], word] }
            guard degree.value != -.infinity else { continue }
            var after = before
            for modifier in others where before[word, modifier].value != -.infinity {
                let onwards = before[word, modifier] - degree
                for head in [0] + others where head != modifier {
                    after[head, modifier] = logSumExp(before[head, modifier], before[head, word] + onwards)
                }
            }
            return Elimination(word: word, degree: degree, others: others, before: before, after: after)
        }
        return nil
    }

    /// The probabilities of arcs with one more word in the graph.
    private func undo(_ step: Elimination, _ probability: inout NodePairs) {
        var childCount = Dual.zero
        for modifier in step.others {
            for head in [0] + step.others where head != modifier && step.after[head, modifier].value != -.infinity {
                let through = step.before[head, step.word] + step.before[step.word, modifier] - step.degree
                let share = probability[head, modifier] * (through - step.after[head, modifier]).exponential
                let direct = step.before[head, modifier] - step.after[head, modifier]
                probability[head, modifier] = probability[head, modifier] * direct.exponential
                probability[head, step.word] += share
                probability[step.word, modifier] += share
                childCount += share
            }
        }
        for head in heads(step.others) {
            probability[head, step.word] +=
                (.one - childCount) * (step.before[head, step.word] - step.degree).exponential
        }
    }
}

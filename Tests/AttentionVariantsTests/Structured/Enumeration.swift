import AttentionLayers
import AttentionMechanisms
import AttentionTensors
import AttentionTestSupport
import AttentionVariants
import Glibc
import Testing

/// A distribution over structures that are few enough to be counted one by one: what dynamic programs must agree with.
struct Enumeration {
    /// Each structure as the parts it is made of; a part may occur several times.
    let structures: [[Int]]
    /// What each part scores.
    let potentials: [Double]

    /// The structures' probabilities, and ln Z.
    private var weighed: (probabilities: [Double], logPartition: Double) {
        let scores = structures.map { $0.reduce(0) { $0 + potentials[$1] } }
        let maximum = scores.max() ?? -.infinity
        let weights = scores.map { maximum == -.infinity ? 0 : exp($0 - maximum) }
        let sum = weights.reduce(0, +)
        return (weights.map { sum > 0 ? $0 / sum : 0 }, sum > 0 ? maximum + log(sum) : -.infinity)
    }

    var logPartition: Double { weighed.logPartition }

    /// How often each part is to be expected.
    var marginals: [Double] {
        var marginals = [Double](repeating: 0, count: potentials.count)
        for (parts, probability) in zip(structures, weighed.probabilities) {
            for part in parts { marginals[part] += probability }
        }
        return marginals
    }

    /// The gradient of Σ upstream · marginals: the covariance of each part's count with Σ upstream of the parts there are.
    func gradient(upstream: [Double]) -> [Double] {
        let sums = structures.map { $0.reduce(0) { $0 + upstream[$1] } }
        let mean = zip(sums, weighed.probabilities).reduce(0) { $0 + $1.0 * $1.1 }
        var gradient = [Double](repeating: 0, count: potentials.count)
        for ((parts, sum), probability) in zip(zip(structures, sums), weighed.probabilities) {
            for part in parts { gradient[part] += probability * (sum - mean) }
        }
        return gradient
    }
}

/// All sequences of `length` labels below `labelCount`.
func labelSequences(length: Int, labelCount: Int) -> [[Int]] {
    (0..<length).reduce([[]]) { sequences, _ in
        sequences.flatMap { sequence in (0..<labelCount).map { sequence + [$0] } }
    }
}

/// All dependency trees over `length` words, as the head of each word: 0 is the root, i the i-th word.
func dependencyTrees(length: Int, isProjective: Bool, hasSingleRoot: Bool) -> [[Int]] {
    labelSequences(length: length, labelCount: length + 1).filter { heads in
        let arcs = heads.enumerated().map { (min($0 + 1, $1), max($0 + 1, $1)) }
        let cross = arcs.contains { a in arcs.contains { b in a.0 < b.0 && b.0 < a.1 && a.1 < b.1 } }
        return (1...length).allSatisfy { reachesRoot($0, heads) } && !(isProjective && cross)
            && !(hasSingleRoot && heads.count { $0 == 0 } != 1)
    }
}

private func reachesRoot(_ word: Int, _ heads: [Int]) -> Bool {
    var word = word
    for _ in heads where word != 0 { word = heads[word - 1] }
    return word == 0
}

/// Expects numbers that differ by at most 1e-5, absolutely and relatively; infinities must be the same.
func expectEnumerated(
    _ found: Tensor, _ expected: [Double], _ label: String, sourceLocation: SourceLocation = #_sourceLocation
) {
    let values = found.values.map(Double.init)
    #expect(values.count == expected.count, "\(label)", sourceLocation: sourceLocation)
    for (position, (x, y)) in zip(values, expected).enumerated() {
        #expect(
            x == y || abs(x - y) <= 1e-5 * (1 + abs(y)), "\(label) at \(position): found \(x), expected \(y)",
            sourceLocation: sourceLocation)
    }
}

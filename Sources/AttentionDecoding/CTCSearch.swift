public import AttentionTensors
internal import Glibc

/// Finds the labels that moments stand for, each of which says a label or none: what remains without repetitions and blanks (Graves et al. 2006).
public struct CTCSearch: Sendable, Hashable {
    /// The class that stands for no label.
    public var blank: Int
    /// How many label sequences live; 1 takes the likeliest class of each moment.
    public var beamSize: Int

    /// A search.
    public init(blank: Int = 0, beamSize: Int = 1) { (self.blank, self.beamSize) = (blank, beamSize) }

    /// Labels, and when they were said.
    public struct Labels: Sendable, Hashable {
        /// The labels.
        public let labels: [Int]
        /// The moment at which each begins.
        public let moments: [Int]
        /// ln P: of the likeliest way with one beam, of all ways that were followed with more.
        public let logProbability: Double
    }

    /// The labels of one row of logits [T, V].
    /// - Throws: `SearchError` if there is no such blank, or no beam.
    public func callAsFunction(_ logits: Tensor) throws(SearchError) -> Labels {
        guard beamSize >= 1 else {
            throw .setting(name: "beamSize", expected: "at least 1", found: "\(beamSize)")
        }
        guard logits.shape.rank == 2, (0..<logits.shape[1]).contains(blank) else {
            throw .shape(
                ShapeError("CTCSearch", expected: "logits [T, V] with a blank \(blank)", found: "\(logits.shape)"))
        }
        let shares = try SearchError.wrapping { () throws(ShapeError) in try logits.logSoftmax() }
        return beamSize == 1 ? likeliestWay(shares) : likeliestPrefix(shares)
    }

    private func likeliestWay(_ shares: Tensor) -> Labels {
        var (labels, moments, sum, last): ([Int], [Int], Double, Int?) = ([], [], 0, nil)
        for (moment, best) in shares.indicesOfMaximum().enumerated() {
            sum += Double(shares[moment, best])
            if best != blank, best != last {
                labels.append(best)
                moments.append(moment)
            }
            last = best
        }
        return Labels(labels: labels, moments: moments, logProbability: sum)
    }

    /// Prefix beam search (Graves 2012, sec. 7.5.3; Hannun et al. 2014, *First-Pass Large Vocabulary Continuous Speech Recognition*): sequences live by the
    /// sum of all ways to them, those that end with a blank apart from the others.
    private func likeliestPrefix(_ shares: Tensor) -> Labels {
        let (moments, classes) = (shares.shape[0], shares.shape[1])
        let values = shares.values
        var beams: [[Int]: Prefix] = [[]: Prefix(blank: 0, label: -.infinity, moments: [])]
        for moment in 0..<moments {
            let row = values[moment * classes..<(moment + 1) * classes].map { Double($0) }
            var next: [[Int]: Prefix] = [:]
            for (labels, prefix) in beams {
                next.add(labels, prefix.moments, blank: prefix.total + row[blank])
                if let last = labels.last { next.add(labels, prefix.moments, label: prefix.label + row[last]) }
                for label in 0..<classes where label != blank {
                    // The same label again is another one only behind a blank.
                    let before = label == labels.last ? prefix.blank : prefix.total
                    next.add(labels + [label], prefix.moments + [moment], label: before + row[label])
                }
            }
            beams = Dictionary(
                uniqueKeysWithValues: next.sorted(by: precedes).prefix(beamSize).map { ($0.key, $0.value) })
        }
        guard let best = beams.min(by: precedes) else { return Labels(labels: [], moments: [], logProbability: 0) }
        return Labels(labels: best.key, moments: best.value.moments, logProbability: best.value.total)
    }
}

/// How likely all ways to a sequence are.
private struct Prefix {
    /// ln P of those that end with a blank, and of those that end with its last label.
    var blank: Double
    var label: Double
    /// The moments of the likeliest of them, as far as it is known.
    var moments: [Int]
    /// How likely the way of these moments was.
    var best = -Double.infinity

    var total: Double { logSum(blank, label) }
}

extension [[Int]: Prefix] {
    fileprivate mutating func add(
        _ labels: [Int], _ moments: [Int], blank: Double = -.infinity, label: Double = -.infinity
    ) {
        guard blank > -.infinity || label > -.infinity else { return }
        var prefix = self[labels] ?? Prefix(blank: -.infinity, label: -.infinity, moments: moments)
        prefix.blank = logSum(prefix.blank, blank)
        prefix.label = logSum(prefix.label, label)
        if Swift.max(blank, label) > prefix.best { (prefix.moments, prefix.best) = (moments, Swift.max(blank, label)) }
        self[labels] = prefix
    }
}

/// The likelier first; of equals the one that is first by its labels.
private func precedes(_ one: (key: [Int], value: Prefix), _ other: (key: [Int], value: Prefix)) -> Bool {
    one.value.total != other.value.total
        ? one.value.total > other.value.total : one.key.lexicographicallyPrecedes(other.key)
}

/// ln(eˣ + eʸ).
private func logSum(_ x: Double, _ y: Double) -> Double {
    let (larger, smaller) = (max(x, y), min(x, y))
    return smaller == -.infinity ? larger : larger + log1p(exp(smaller - larger))
}

/// A metric that cannot be computed from what it was given.
public enum MetricError: Error, Hashable, Sendable {
    /// Hypotheses and lists of references do not pair up.
    case countMismatch(metric: String, hypothesisCount: Int, segmentCount: Int)
    /// There is nothing to score.
    case noSegments(metric: String)
    /// The segment of this index has no reference.
    case noReference(metric: String, segment: Int)

    static func check(_ hypotheses: [String], _ references: [[String]], for metric: String) throws(MetricError) {
        guard hypotheses.count == references.count else {
            throw .countMismatch(
                metric: metric, hypothesisCount: hypotheses.count, segmentCount: references.count)
        }
        guard !hypotheses.isEmpty else { throw .noSegments(metric: metric) }
        if let segment = references.firstIndex(where: \.isEmpty) {
            throw .noReference(metric: metric, segment: segment)
        }
    }
}

extension MetricError: CustomStringConvertible {
    /// One sentence: the metric, what was expected, and what was found.
    public var description: String {
        switch self {
        case .countMismatch(let metric, let hypothesisCount, let segmentCount):
            "\(metric): expected references for each of \(hypothesisCount) hypotheses, found them for "
                + "\(segmentCount) segments; check that both files have the same lines"
        case .noSegments(let metric):
            "\(metric): expected at least one hypothesis with its reference, found none; check the input"
        case .noReference(let metric, let segment):
            "\(metric): expected a reference for each segment, found none for segment \(segment + 1); check the input"
        }
    }
}

/// The parts of signature that all metrics share.
enum MetricSignature {
    /// The version of sacreBLEU whose numbers are reproduced.
    static let version = "version:2.6.0"

    /// How many references each segment has, or `var` when that differs.
    static func referenceCount(_ counts: [Int]) -> String {
        Set(counts).count == 1 ? "\(counts[0])" : "var"
    }
}

public import AttentionTensors
internal import Glibc

/// T5's buckets of relative positions r = j − p: one per distance up to e, then logarithmically wider ones up to a last for everything
/// beyond the maximum distance.
///
/// With both directions, each has n = count / 2 buckets, those for r > 0 come second, and m = |r|; else n = count and m = max(−r, 0).
/// Then e = n / 2, and m < e has bucket m, others min(n − 1, e + ⌊ln(m / e) / ln(maximumDistance / e) · (n − e)⌋).
///
/// *Source:* Raffel et al. 2020, *Exploring the Limits of Transfer Learning* (T5), sec. 2.1.
public struct RelativeBuckets: Sendable, Hashable {
    /// How many buckets there are.
    public let count: Int
    /// From which distance on all is one bucket.
    public let maximumDistance: Int
    /// Whether what comes after has buckets of its own.
    public let isBidirectional: Bool

    /// Buckets.
    /// - Throws: `ShapeError` unless there are at least two per direction (equally many in both) and the maximum distance is above e.
    public init(count: Int, maximumDistance: Int, isBidirectional: Bool) throws(ShapeError) {
        let directions = isBidirectional ? 2 : 1
        try require(
            count >= 2 * directions && count % directions == 0, "RelativeBuckets",
            expected: isBidirectional ? "an even number of buckets from 4 on" : "at least 2 buckets", found: "\(count)")
        let exact = count / directions / 2
        try require(
            maximumDistance > exact, "RelativeBuckets", expected: "a maximum distance above \(exact)",
            found: "\(maximumDistance)")
        self.count = count
        self.maximumDistance = maximumDistance
        self.isBidirectional = isBidirectional
    }

    /// The bucket of a relative position, key minus query.
    public func bucket(of relative: Int) -> Int {
        let size = isBidirectional ? count / 2 : count
        let first = isBidirectional && relative > 0 ? size : 0
        let distance = isBidirectional ? abs(relative) : max(-relative, 0)
        let exact = size / 2
        guard distance >= exact else { return first + distance }
        let share = log(Double(distance) / Double(exact)) / log(Double(maximumDistance) / Double(exact))
        // The small term keeps what is an integer exactly from falling below it by rounding.
        let wide = exact + Int((share * Double(size - exact) + 1e-9).rounded(.down))
        return first + min(size - 1, wide)
    }
}

extension RelativeBuckets {
    /// `buckets`, `max_distance` and `bidirectional`.
    static let options: [OptionDescriptor] = [
        .integer("buckets", .size), .integer("max_distance", .size), .truth("bidirectional"),
    ]

    /// The buckets that these options say.
    init(_ options: Options) throws {
        try self.init(
            count: try options.integer("buckets"), maximumDistance: try options.integer("max_distance"),
            isBidirectional: try options.truth("bidirectional"))
    }

    /// The buckets of relative positions, `buckets_0` … for each row of the option `table`.
    static func table(_ request: Request) throws -> Outputs {
        let relative = try request.integers("relative")
        var outputs: Outputs = [:]
        for (index, row) in try request.options.tables("table").enumerated() {
            let buckets = try RelativeBuckets(row)
            outputs["buckets_\(index)"] = .integers(relative.values.map(buckets.bucket), shape: relative.shape)
        }
        return outputs
    }
}

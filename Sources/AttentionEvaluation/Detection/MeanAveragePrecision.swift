/// How well things are found on pictures: precision averaged over recalls of 0, 0.01, … 1, over overlaps of 0.5, 0.55, … 0.95 from which a box counts
/// as right, and over kinds of things (Lin et al. 2014, *Microsoft COCO*, sec. 5, as `pycocotools` computes it).
///
/// ```swift
/// let score = MeanAveragePrecision([(truths: truths, found: found)])
/// print(score.mean ?? 0)
/// ```
public struct MeanAveragePrecision: Sendable, Hashable {
    /// AP, the mean over all overlaps; nil, here and below, where there is nothing to be found.
    public let mean: Double?
    /// AP₅₀, where half overlaps.
    public let atHalf: Double?
    /// AP₇₅, where three quarters overlap.
    public let atThreeQuarters: Double?
    /// AP of things below 32² pixels, from there to 96², and above.
    public let small, medium, large: Double?
    /// AR: the share of things that were found among the 1, 10 and 100 surest boxes of a kind on a picture.
    public let recallOfOne, recallOfTen, recall: Double?
    /// AR of things below 32² pixels, from there to 96², and above.
    public let recallOfSmall, recallOfMedium, recallOfLarge: Double?

    /// Rounded as the reference's are.
    private static let thresholds = (0..<10).map { Double($0) * ((0.95 - 0.5) / 9) + 0.5 }
    private static let recalls = (0...100).map { Double($0) * 0.01 }

    /// The score of what was found on pictures.
    public init(_ pictures: [(truths: [TrueBox], found: [FoundBox])]) {
        let labels = Set(pictures.flatMap { $0.truths.map(\.label) + $0.found.map(\.label) }).sorted()
        func curves(_ areas: ClosedRange<Double>, _ limit: Int = 100) -> [Curve] {
            labels.compactMap { label in
                Curve(
                    pictures.map { picture in
                        BoxMatching(
                            truths: picture.truths.filter { $0.label == label },
                            found: picture.found.filter { $0.label == label }, areas: areas,
                            thresholds: Self.thresholds, limit: limit)
                    }, thresholdCount: Self.thresholds.count, recalls: Self.recalls)
            }
        }
        func mean(_ values: [Double]) -> Double? {
            values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
        }
        func precision(_ curves: [Curve], at places: [Int]) -> Double? {
            mean(curves.flatMap { curve in places.map { curve.precisions[$0] } })
        }
        func recall(_ curves: [Curve]) -> Double? { mean(curves.flatMap(\.recalls)) }
        let (all, every) = (curves(0...1e10), Array(Self.thresholds.indices))
        (self.mean, atHalf, atThreeQuarters) = (
            precision(all, at: every), precision(all, at: [0]), precision(all, at: [5])
        )
        let sizes = [curves(0...1024), curves(1024...9216), curves(9216...1e10)]
        (small, medium, large) = (
            precision(sizes[0], at: every), precision(sizes[1], at: every), precision(sizes[2], at: every)
        )
        (recallOfOne, recallOfTen, self.recall) = (
            recall(curves(0...1e10, 1)), recall(curves(0...1e10, 10)), recall(all)
        )
        (recallOfSmall, recallOfMedium, recallOfLarge) = (recall(sizes[0]), recall(sizes[1]), recall(sizes[2]))
    }
}

/// How precision falls as recall grows, for one kind of things at each threshold.
private struct Curve {
    /// The mean precision at each threshold.
    let precisions: [Double]
    /// The highest recall at each.
    let recalls: [Double]

    /// - Returns: nil if there is nothing to be found.
    init?(_ pictures: [BoxMatching], thresholdCount: Int, recalls places: [Double]) {
        let expectedCount = pictures.reduce(0) { $0 + $1.expectedCount }
        guard expectedCount > 0 else { return nil }
        let verdicts = pictures.flatMap(\.verdicts)
        let order = verdicts.indices.sorted { (verdicts[$0].score, -$0) > (verdicts[$1].score, -$1) }
        var (precisions, recalls): ([Double], [Double]) = ([], [])
        for threshold in 0..<thresholdCount {
            var (right, wrong) = (0.0, 0.0)
            var steps: [(recall: Double, precision: Double)] = []
            for place in order {
                switch verdicts[place].outcomes[threshold] {
                case .right: right += 1
                case .wrong: wrong += 1
                // The reference has a step here, too, which changes nothing.
                case .passedOver: break
                }
                steps.append((right / Double(expectedCount), right / (right + wrong + Double.ulpOfOne)))
            }
            recalls.append(steps.last?.recall ?? 0)
            precisions.append(Self.mean(steps, at: places))
        }
        (self.precisions, self.recalls) = (precisions, recalls)
    }

    /// The mean of the best precision that there is at each recall, or beyond; 0 beyond the last.
    private static func mean(_ steps: [(recall: Double, precision: Double)], at places: [Double]) -> Double {
        var best = steps.map(\.precision)
        for index in best.indices.dropLast().reversed() { best[index] = max(best[index], best[index + 1]) }
        var (sum, step) = (0.0, 0)
        for place in places {
            while step < steps.count, steps[step].recall < place { step += 1 }
            if step < steps.count { sum += best[step] }
        }
        return sum / Double(places.count)
    }
}

/// What was found of one kind on one picture, held against what is there: each thing is matched with the surest box that overlaps it enough (Lin et
/// al. 2014, *Microsoft COCO*, as `pycocotools` does it).
struct BoxMatching {
    /// One that was found, and what it is worth at each threshold.
    struct Verdict {
        let score: Double
        let outcomes: [Outcome]
    }

    /// What a found box is worth.
    enum Outcome {
        case right
        case wrong
        /// Neither: it is of a crowd, or of a size that does not count.
        case passedOver
    }

    /// The surest first.
    let verdicts: [Verdict]
    /// How many things are there to be found.
    let expectedCount: Int

    /// - Parameters:
    ///   - areas: the sizes of things that count.
    ///   - limit: how many of the surest count.
    init(
        truths: [TrueBox], found: [FoundBox], areas: ClosedRange<Double>, thresholds: [Double], limit: Int
    ) {
        func isPassedOver(_ truth: TrueBox) -> Bool { truth.isCrowd || !areas.contains(truth.area) }
        // Those that count come first, else all in their order.
        let truths = truths.filter { !isPassedOver($0) } + truths.filter(isPassedOver)
        let counting = truths.count { !isPassedOver($0) }
        let ranked = found.rankedByScore(limit)
        let overlaps = ranked.map { guess in truths.map { $0.overlap(with: guess.box) } }
        let outcomes = thresholds.map { threshold in
            var isTaken = [Bool](repeating: false, count: truths.count)
            return ranked.indices.map { place in
                let best = Self.match(overlaps[place], truths, isTaken, counting: counting, threshold)
                guard let best else { return areas.contains(ranked[place].box.area) ? Outcome.wrong : .passedOver }
                isTaken[best] = true
                return best < counting ? .right : .passedOver
            }
        }
        verdicts = ranked.indices.map { place in
            Verdict(score: ranked[place].score, outcomes: outcomes.map { $0[place] })
        }
        expectedCount = counting
    }

    /// What a box with these overlaps is matched with: the free thing that it overlaps most, and only if there is none, one that does not count.
    private static func match(
        _ overlaps: [Double], _ truths: [TrueBox], _ isTaken: [Bool], counting: Int, _ threshold: Double
    ) -> Int? {
        var (best, most): (Int?, Double) = (nil, min(threshold, 1 - 1e-10))
        for (index, overlap) in overlaps.enumerated() where !isTaken[index] || truths[index].isCrowd {
            if let best, best < counting, index >= counting { break }
            if overlap >= most { (best, most) = (index, overlap) }
        }
        return best
    }
}

extension TrueBox {
    /// |A ∩ B| / |A ∪ B|; of a crowd, the share of B that lies in it.
    fileprivate func overlap(with other: PictureBox) -> Double {
        let common = box.common(with: other)
        let whole = isCrowd ? other.area : box.area + other.area - common
        return whole > 0 ? common / whole : 0
    }
}

extension [FoundBox] {
    /// The surest first, equals in their order; so many of them.
    fileprivate func rankedByScore(_ limit: Int) -> [FoundBox] {
        let order = indices.sorted { (self[$0].score, -$0) > (self[$1].score, -$1) }
        return order.prefix(limit).map { self[$0] }
    }
}

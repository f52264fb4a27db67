import Glibc

/// The range an axis shows and the round numbers marked on it.
///
/// - Source: Heckbert (1990), *Nice Numbers for Graph Labels*, Graphics Gems: steps of 1, 2 or 5 times a power of ten.
package struct Ticks {
    package let marks: [Double]
    private let scale: LineChart.Scale
    private let low: Double
    private let high: Double

    /// Ranges from a mark at or below the least value to a mark at or above the greatest; without values, from 0 or,
    /// where there is no 0, from 1.
    package init(_ values: [Double], scale: LineChart.Scale) {
        self.scale = scale
        let shown = values.filter { Self.canShow($0, on: scale) }
        let range = (shown.min() ?? (scale == .linear ? 0 : 1), shown.max() ?? 1)
        marks = scale == .linear ? linearMarks(range) : logarithmicMarks(range)
        low = marks.first ?? 0
        high = marks.last ?? 1
    }

    /// Whether a value has a place on an axis at all; magnitudes beyond all measure have none, so
    /// that no position overflows.
    static func canShow(_ value: Double, on scale: LineChart.Scale) -> Bool {
        value.magnitude < 1e200 && (scale == .linear || value > 1e-200)
    }

    /// Where a value that can be shown lies between the ends, from 0 to 1.
    package func position(_ value: Double) -> Double {
        switch scale {
        case .linear: (value - low) / (high - low)
        case .logarithmic: (log10(value) - log10(low)) / (log10(high) - log10(low))
        }
    }
}

private func linearMarks(_ range: (low: Double, high: Double)) -> [Double] {
    var (low, high) = range
    let greatest = max(low.magnitude, high.magnitude)
    // Values that are all but equal stand in the middle of a range of their own size.
    if high - low <= 1e-9 * greatest || high - low < 1e-290 {
        let margin = greatest < 1e-280 ? 0.5 : greatest / 2
        (low, high) = (low - margin, high + margin)
    }
    let rough = (high - low) / 5
    let power = pow(10, floor(log10(rough)))
    let step = power * ([1, 2, 5].first { $0 * power >= rough } ?? 10)
    let first = floor(low / step)
    let count = Int((ceil(high / step) - first).rounded())
    return (0...max(1, count)).map { (first + Double($0)) * step }
}

private func logarithmicMarks(_ range: (low: Double, high: Double)) -> [Double] {
    let decades = floor(log10(range.low))...max(floor(log10(range.low)) + 1, ceil(log10(range.high)))
    let span = Int(decades.upperBound - decades.lowerBound)
    // Within few decades 2 and 5 are marked too; of very many only some powers are.
    let digits: [Double] = span <= 3 ? [1, 2, 5] : [1]
    let stride = max(1, (span + 7) / 8)
    let all = (0...((span + stride - 1) / stride)).flatMap { decade in
        digits.map { $0 * pow(10, decades.lowerBound + Double(decade * stride)) }
    }
    let first = all.lastIndex { $0 <= range.low } ?? 0
    let last = all.firstIndex { $0 >= range.high } ?? all.count - 1
    return Array(all[first...max(last, min(first + 1, all.count - 1))])
}

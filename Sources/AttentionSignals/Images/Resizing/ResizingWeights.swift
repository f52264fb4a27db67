/// Which pixels of a line make each pixel of the resized line, and how much each counts; they add up to 1.
struct ResizingWeights {
    /// The first pixel that counts, for each of the resized line.
    private(set) var firsts: [Int] = []
    /// How many count, for each.
    private(set) var counts: [Int] = []
    /// The weights, `size` for each.
    private(set) var weights: [Double]
    let size: Int

    /// The filter as wide as the larger of both kinds of pixel, so that no pixel of a larger picture is passed over (antialiasing): as Pillow
    /// and `antialias=True` of PyTorch have it.
    init(_ filter: ResizingFilter, from oldCount: Int, to newCount: Int) {
        let scale = Double(oldCount) / Double(newCount)
        let width = max(scale, 1)
        let support = filter.support * width
        size = min(oldCount, Int(support.rounded(.up)) * 2 + 1)
        weights = []
        weights.reserveCapacity(size * newCount)
        for index in 0..<newCount {
            let middle = (Double(index) + 0.5) * scale
            let first = min(oldCount - 1, max(0, Int(middle - support + 0.5)))
            let count = max(1, min(size, min(oldCount, Int(middle + support + 0.5)) - first))
            let values = (0..<count).map { filter.value(at: (Double(first + $0) - middle + 0.5) * (1 / width)) }
            append(first, values)
        }
    }

    /// A straight line between the two nearest pixels, or Keys' cubic with a = −¾ through the four nearest, whatever the sizes: PyTorch's
    /// `interpolate` with `antialias=False` and `align_corners=False`. The pixels at the border repeat.
    init(interpolating filter: PlaneResizing.Interpolation, from oldCount: Int, to newCount: Int) {
        let scale = Double(oldCount) / Double(newCount)
        size = min(oldCount, filter == .bilinear ? 2 : 4)
        weights = []
        for index in 0..<newCount {
            var place = (Double(index) + 0.5) * scale - 0.5
            if filter == .bilinear { place = max(0, place) }
            let left = Int(place.rounded(.down))
            let part = place - Double(left)
            let taps: [(Int, Double)] =
                filter == .bilinear
                ? [(left, 1 - part), (left + 1, part)]
                : (-1...2).map { (left + $0, ResizingFilter.cubic(abs(part - Double($0)), -0.75)) }
            let first = min(max(0, left - (filter == .bilinear ? 0 : 1)), oldCount - 1)
            var values = [Double](repeating: 0, count: min(size, oldCount - first))
            for (tap, weight) in taps { values[min(max(tap, 0), oldCount - 1) - first] += weight }
            append(first, values)
        }
    }

    private mutating func append(_ first: Int, _ values: [Double]) {
        let sum = values.reduce(0, +)
        firsts.append(first)
        counts.append(values.count)
        weights += values.map { sum == 0 ? $0 : $0 / sum }
        weights += repeatElement(0, count: size - values.count)
    }

    /// The weights as whole numbers, times 2^bits, halves away from zero.
    func fixed(bits: Int) -> [Int32] {
        let scale = Double(1 << bits)
        return weights.map { Int32(($0 * scale).rounded(.toNearestOrAwayFromZero)) }
    }
}

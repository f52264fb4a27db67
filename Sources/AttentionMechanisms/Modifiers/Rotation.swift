internal import AttentionTensors
internal import Glibc

/// A turn of each pair of features at each position: cosines and sines, [L, pairs], or [B, L, pairs] where items stand
/// differently.
struct Rotation: Sendable {
    private let cosines: [Float]
    private let sines: [Float]
    private let pairCount: Int
    private let isPerItem: Bool
    private let layout: RotaryModifier.Layout

    /// The turns by position times frequency; angles are taken in Double and rounded once.
    init(_ frequencies: RotaryFrequencies, positions: PositionTable, layout: RotaryModifier.Layout) {
        let angles = positions.values.flatMap { position in frequencies.angles.map { Double(position) * $0 } }
        cosines = angles.map { Float(cos($0) * frequencies.multiplier) }
        sines = angles.map { Float(sin($0) * frequencies.multiplier) }
        pairCount = frequencies.angles.count
        isPerItem = positions.rowCount > 1
        self.layout = layout
    }

    /// The features of a pair.
    private func features(of pair: Int) -> (Int, Int) {
        switch layout {
        case .interleaved: (2 * pair, 2 * pair + 1)
        case .half: (pair, pair + pairCount)
        }
    }

    /// [B, H, L, D], turned. A rotation's transpose is its opposite, so the gradient is turned back.
    /// - Throws: `ShapeError` if a vector has fewer features than are turned.
    func turn(_ x: Tensor) throws(ShapeError) -> Tensor {
        try require(
            x.shape[3] >= 2 * pairCount, "rope", expected: "at least \(2 * pairCount) features", found: "\(x.shape)")
        return turned(x, direction: 1).derived(from: x) { upstream, gradients in
            gradients.add(turned(upstream, direction: -1), to: x)
        }
    }

    private func turned(_ x: Tensor, direction: Float) -> Tensor {
        let (headCount, length, size) = (x.shape[1], x.shape[2], x.shape[3])
        return Tensor(shape: x.shape) { out in
            x.withElements { source in
                Parallel.forEachChunk(of: x.shape.elementCount / size, grain: max(1, 8192 / size)) { rows in
                    for row in rows {
                        let (line, target) = (source + row * size, out + row * size)
                        let item = isPerItem ? row / length / headCount : 0
                        let angles = (item * length + row % length) * pairCount
                        for pair in 0..<pairCount {
                            let (first, second) = features(of: pair)
                            let (a, b) = (line[first], line[second])
                            let (cosine, sine) = (cosines[angles + pair], direction * sines[angles + pair])
                            target[first] = a * cosine - b * sine
                            target[second] = a * sine + b * cosine
                        }
                        for feature in 2 * pairCount..<size { target[feature] = line[feature] }
                    }
                }
            }
        }
    }
}

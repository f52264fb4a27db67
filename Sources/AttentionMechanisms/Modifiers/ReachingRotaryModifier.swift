public import AttentionTensors

/// Rotary position embeddings whose frequencies depend on how far the call reaches: n, the greatest position of all rows and 1.
///
/// Keys that a cache remembers stay as they were turned when they were new, as in the reference.
public struct ReachingRotaryModifier: Modifier {
    /// How frequencies follow the reach.
    public enum Growth: Sendable, Hashable {
        /// A base that grows beyond the original length; see `RotaryScaling.dynamicNTK`.
        case dynamicNTK(rotarySize: Int, base: Double, factor: Double, originalLength: Int)
        /// One set of frequencies up to the original length, another beyond it.
        ///
        /// *Source:* Ding et al. 2024, *LongRoPE*, sec. 3.3.
        case longRope(short: RotaryFrequencies, long: RotaryFrequencies, originalLength: Int)
    }

    /// How frequencies follow the reach.
    public let growth: Growth

    /// Features m and m + d/2 are turned together.
    public init(_ growth: Growth) { self.growth = growth }

    /// The frequencies of a call that reaches so far.
    /// - Throws: `ShapeError` if there are none.
    public func frequencies(reach: Int) throws(ShapeError) -> RotaryFrequencies {
        switch growth {
        case .dynamicNTK(let size, let base, let factor, let originalLength):
            try RotaryFrequencies(
                rotarySize: size, base: base,
                scaling: .dynamicNTK(factor: factor, originalLength: originalLength, length: reach))
        case .longRope(let short, let long, let originalLength): reach > originalLength ? long : short
        }
    }

    public func transform(query: Tensor, positions: Positions) throws(ShapeError) -> Tensor {
        try turned(query, positions)
    }

    public func transform(keys: Tensor, positions: Positions) throws(ShapeError) -> Tensor {
        try turned(keys, positions)
    }

    public var leavesScores: Bool { true }

    private func turned(_ x: Tensor, _ positions: Positions) throws(ShapeError) -> Tensor {
        let places = try positions.table("rope", rowCount: x.shape[0], count: x.shape[2])
        let reach = (places.values.max() ?? 0) + 1
        return try Rotation(try frequencies(reach: reach), positions: places, layout: .half).turn(x)
    }
}

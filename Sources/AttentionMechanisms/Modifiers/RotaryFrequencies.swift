public import AttentionTensors
internal import Glibc

/// The angles per position by which rotary embeddings turn each pair of features, and a factor for the turned vectors.
///
/// f_m = base^(−2m / d) for m = 0 … d/2 − 1, changed by a `RotaryScaling`; all in Double.
///
/// *Source:* Su et al. 2021, *RoFormer*, eq. 15.
public struct RotaryFrequencies: Sendable, Hashable {
    /// f_m, in radians per position, one for each pair.
    public let angles: [Double]
    /// What cosines and sines are multiplied by.
    public let multiplier: Double

    /// The frequencies for `rotarySize` features.
    /// - Throws: `ShapeError` unless the size is even and positive, the base above 1, and the scaling's numbers make sense.
    public init(rotarySize size: Int, base: Double = 10_000, scaling: RotaryScaling = .none) throws(ShapeError) {
        try require(
            size > 0 && size % 2 == 0, "RotaryFrequencies", expected: "an even number of features", found: "\(size)")
        try require(
            base > 1 && base.isFinite, "RotaryFrequencies", expected: "a finite base above 1", found: "\(base)")
        try scaling.check(size: size)
        let plain = Self.plain(size, base)
        switch scaling {
        case .none:
            (angles, multiplier) = (plain, 1)
        case .linear(let factor):
            (angles, multiplier) = (plain.map { $0 / factor }, 1)
        case .dynamicNTK(let factor, let originalLength, let length):
            let stretch = Double(max(length, originalLength)) / Double(originalLength)
            let exponent = Double(size) / Double(size - 2)
            (angles, multiplier) = (Self.plain(size, base * pow(factor * stretch - (factor - 1), exponent)), 1)
        case .llama3(let factor, let low, let high, let originalLength):
            angles = plain.map { angle in
                let turns = Double(originalLength) * angle / (2 * .pi)
                let share = min(max((turns - low) / (high - low), 0), 1)
                return (1 - share) * angle / factor + share * angle
            }
            multiplier = 1
        case .yarn(let factor, let originalLength, let betaFast, let betaSlow):
            func pair(turning count: Double) -> Double {
                Double(size) * log(Double(originalLength) / (2 * .pi * count)) / (2 * log(base))
            }
            let low = max(pair(turning: betaFast).rounded(.down), 0)
            let high = min(pair(turning: betaSlow).rounded(.up), Double(size - 1))
            angles = plain.enumerated().map { index, angle in
                let share = min(max((Double(index) - low) / (high == low ? 0.001 : high - low), 0), 1)
                return share * angle / factor + (1 - share) * angle
            }
            multiplier = 0.1 * log(factor) + 1
        }
    }

    /// The frequencies for `rotarySize` features, each divided by a factor of its own.
    ///
    /// *Source:* Ding et al. 2024, *LongRoPE*, sec. 3.1, eq. 2.
    /// - Throws: `ShapeError` unless the size is even and positive, the base above 1, and there is a factor above 0 for each pair.
    public init(
        rotarySize size: Int, base: Double = 10_000, dividedBy factors: [Double], multiplier: Double = 1
    ) throws(ShapeError) {
        let plain = try RotaryFrequencies(rotarySize: size, base: base)
        try require(
            factors.count == plain.angles.count && factors.allSatisfy { $0 > 0 && $0.isFinite }, "RotaryFrequencies",
            expected: "\(plain.angles.count) factors above 0", found: "\(factors)")
        angles = zip(plain.angles, factors).map { $0 / $1 }
        self.multiplier = multiplier
    }

    /// The same frequencies with another factor for the turned vectors.
    public func multiplying(by multiplier: Double) -> RotaryFrequencies {
        RotaryFrequencies(angles: angles, multiplier: multiplier)
    }

    private init(angles: [Double], multiplier: Double) { (self.angles, self.multiplier) = (angles, multiplier) }

    private static func plain(_ size: Int, _ base: Double) -> [Double] {
        stride(from: 0, to: size, by: 2).map { pow(base, -Double($0) / Double(size)) }
    }
}

extension RotaryScaling {
    /// - Throws: `ShapeError` naming the number that makes no sense.
    fileprivate func check(size: Int) throws(ShapeError) {
        let (factor, originalLength): (Double, Int) =
            switch self {
            case .none: (1, 1)
            case .linear(let factor): (factor, 1)
            case .dynamicNTK(let factor, let length, _): (factor, length)
            case .llama3(let factor, _, _, let length): (factor, length)
            case .yarn(let factor, let length, _, _): (factor, length)
            }
        try require(
            factor >= 1 && factor.isFinite, "RotaryScaling", expected: "a factor of at least 1", found: "\(factor)")
        try require(
            originalLength >= 1, "RotaryScaling", expected: "an original length of at least 1",
            found: "\(originalLength)")
        switch self {
        case .dynamicNTK:
            try require(size > 2, "RotaryScaling", expected: "more than 2 features for dynamicNTK", found: "\(size)")
        case .llama3(_, let low, let high, _):
            try require(low < high, "RotaryScaling", expected: "low below high frequency", found: "\(low) and \(high)")
        case .yarn(_, _, let fast, let slow):
            try require(
                fast > 0 && slow > 0, "RotaryScaling", expected: "turns above 0", found: "\(fast) and \(slow)")
        case .none, .linear: break
        }
    }
}

extension RotaryFrequencies {
    /// `rotary_dim`, `base` and `scaling`.
    static let options: [OptionDescriptor] = [
        .integer("rotary_dim", .size, else: "the size of a query"), .number("base", default: 10_000),
        .table("scaling", RotaryScaling.options, else: "none"),
    ]

    /// The frequencies that these options say.
    init(_ options: Options, standardSize: Int) throws {
        let size = try options.integer(ifGiven: "rotary_dim") ?? standardSize
        guard size <= 1 << 20 else { throw options.unfit("rotary_dim", "at most 2²⁰", .number(Double(size))) }
        try self.init(
            rotarySize: size, base: try options.number("base"),
            scaling: try options.table("scaling").map(RotaryScaling.init) ?? .none)
    }
}

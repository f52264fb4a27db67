internal import Glibc

/// Where randomness comes from: a value that is split, never advanced.
///
/// `key[3]` is an independent key for the third of several uses, `key.generator()` a stream of numbers. The same key always
/// gives the same numbers, whatever was drawn elsewhere, so a run can be resumed bit for bit from a seed and a step number.
public struct RandomKey: Sendable, Hashable {
    /// 64 bits that identify the stream.
    public let seed: UInt64
    /// Whether tensors drawn with this key are zeros that take no memory.
    package let isBlank: Bool

    /// The key of this seed.
    public init(seed: UInt64) {
        self.seed = seed
        isBlank = false
    }

    private init() {
        seed = 0
        isBlank = true
    }

    /// Draws nothing: parameters made with it are zeros that take no memory. For models that are about to be loaded.
    public static let blank = RandomKey()

    /// An independent key for the use numbered `index`.
    public subscript(index: Int) -> RandomKey {
        guard !isBlank else { return self }
        return RandomKey(seed: mixed(mixed(seed &+ 0x9E37_79B9_7F4A_7C15) ^ UInt64(bitPattern: Int64(index))))
    }

    /// A generator that starts at the beginning of this key's stream.
    public func generator() -> RandomGenerator { RandomGenerator(state: seed) }
}

/// SplitMix64 (Steele, Lea & Flood 2014): a stream of random numbers from a `RandomKey`.
public struct RandomGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(state: UInt64) { self.state = state }

    /// 64 uniformly distributed bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return mixed(state)
    }

    /// A number from the uniform distribution on [0, 1), with 24 random bits.
    public mutating func nextUniform() -> Float { Float(next() >> 40) * 0x1p-24 }

    /// A number from the standard normal distribution (Box & Muller 1958).
    public mutating func nextNormal() -> Float {
        let radius = (-2 * log(1 - Double(next() >> 11) * 0x1p-53)).squareRoot()
        let angle = 2 * Double.pi * Double(next() >> 11) * 0x1p-53
        return Float(radius * cos(angle))
    }
}

private func mixed(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
}

extension Tensor {
    /// Elements drawn from the uniform distribution on `range`.
    public static func uniform(_ shape: Shape, in range: ClosedRange<Float>, key: RandomKey) -> Tensor {
        guard !key.isBlank else { return blank(shape) }
        var generator = key.generator()
        return Tensor(shape: shape) { out in
            for index in 0..<shape.elementCount {
                out[index] = range.lowerBound + (range.upperBound - range.lowerBound) * generator.nextUniform()
            }
        }
    }

    /// Elements drawn from the normal distribution with mean 0.
    public static func normal(_ shape: Shape, deviation: Float = 1, key: RandomKey) -> Tensor {
        guard !key.isBlank else { return blank(shape) }
        var generator = key.generator()
        return Tensor(shape: shape) { out in
            for index in 0..<shape.elementCount { out[index] = deviation * generator.nextNormal() }
        }
    }
}

extension Tensor {
    /// A weight [O, I] (or a vector [I], as if O were 1) drawn uniformly within ±√(6 / (I + O)) (Glorot & Bengio 2010, eq. 16).
    public static func glorot(_ shape: Shape, key: RandomKey) -> Tensor {
        let bound = (6 / Float(max(1, shape.dimensions.suffix(2).reduce(0, +) + (shape.rank < 2 ? 1 : 0)))).squareRoot()
        return uniform(shape, in: -bound...bound, key: key)
    }

    /// Zeros that share one number.
    private static func blank(_ shape: Shape) -> Tensor {
        Tensor(
            shape: shape, strides: [Int](repeating: 0, count: shape.rank), offset: 0,
            storage: Tensor.zeros([1]).storage)
    }
}

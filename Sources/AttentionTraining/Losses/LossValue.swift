public import AttentionTensors

/// The loss of one batch, not yet averaged, and what it is made of.
///
///     LossValue(total: crossEntropy + 0.1 * penalty, weight: Double(batch.targetTokenCount),
///         parts: ["crossEntropy": crossEntropy.scalar, "penalty": penalty.scalar])
///
/// A training minimises the mean of `total` over everything an update reads: over tokens where the weights are numbers of tokens, over
/// examples where they are numbers of examples.
public struct LossValue: Sendable {
    /// The sum, a scalar; what is differentiated.
    public var total: Tensor
    /// How much it is the sum of: target tokens, examples, pixels, or a sum of any weights.
    public var weight: Double
    /// What else is worth knowing of it, by name, as sums with weights of their own.
    public var parts: [String: WeightedSum]

    /// A loss with parts that are sums over the same weight.
    public init(total: Tensor, weight: Double, parts: [String: Float] = [:]) {
        self.init(total: total, weight: weight, parts: parts.mapValues { WeightedSum(Double($0), weight: weight) })
    }

    /// A loss with parts that have weights of their own.
    public init(total: Tensor, weight: Double, parts: [String: WeightedSum]) {
        self.total = total
        self.weight = weight
        self.parts = parts
    }

    /// The loss of nothing: for a process that has no share of a batch.
    public static var nothing: LossValue { LossValue(total: Tensor(Float(0)), weight: 0) }

    /// The numbers alone.
    package var sums: LossSums { LossSums(total: WeightedSum(Double(total.scalar), weight: weight), parts: parts) }
}

/// A sum of numbers that count differently, and how much they count together.
public struct WeightedSum: Sendable, Hashable, Codable {
    /// Σ weight · value.
    public var sum: Double
    /// Σ weight.
    public var weight: Double

    /// A sum of this weight.
    public init(_ sum: Double = 0, weight: Double = 0) {
        self.sum = sum
        self.weight = weight
    }

    /// The mean; 0 of nothing.
    public var mean: Double { weight > 0 ? sum / weight : sum }

    static func += (left: inout WeightedSum, right: WeightedSum) {
        left.sum += right.sum
        left.weight += right.weight
    }
}

/// Losses of any number of batches, added up.
public struct LossSums: Sendable, Hashable {
    /// The loss that is differentiated.
    public var total = WeightedSum()
    /// Its named parts.
    public var parts: [String: WeightedSum] = [:]

    /// Nothing yet.
    public init() {}

    init(total: WeightedSum, parts: [String: WeightedSum]) {
        self.total = total
        self.parts = parts
    }

    /// Adds the sums of other batches.
    public mutating func add(_ others: LossSums) {
        total += others.total
        for (name, part) in others.parts { parts[name, default: WeightedSum()] += part }
    }
}

/// What a loss may depend on beside model and batch.
public struct TrainingStep: Sendable, Hashable {
    /// The number of the update, from 1: what a `TeacherForcing` asks for.
    public var update: Int
    /// The randomness of this batch, for dropout and sampling: the seed's key for the update and its micro-batch.
    public var key: RandomKey
}

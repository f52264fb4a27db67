public import AttentionTensors

/// The loss of one batch, not yet averaged.
public struct LossValue: Sendable {
    /// The sum over target tokens, a scalar; what is differentiated.
    public var sum: Tensor
    /// How many target tokens it is the sum of.
    public var tokenCount: Int

    /// The loss summed over this many target tokens.
    public init(sum: Tensor, tokenCount: Int) {
        self.sum = sum
        self.tokenCount = tokenCount
    }
}

/// What a loss may depend on beside model and batch.
public struct TrainingStep: Sendable, Hashable {
    /// The number of the update, from 1: what a `TeacherForcing` asks for.
    public var update: Int
    /// The randomness of this batch, for dropout and sampling: the seed's key for the update and its micro-batch.
    public var key: RandomKey
}

/// How good a model is on held-out data.
public struct ValidationResult: Sendable, Hashable {
    /// The mean loss per token.
    public var loss: Double
    /// Anything else worth knowing, by name; more is better: `["BLEU": 38.2]`.
    public var metrics: [String: Double]

    /// A result of this loss per token.
    public init(loss: Double, metrics: [String: Double] = [:]) {
        self.loss = loss
        self.metrics = metrics
    }
}

/// How good a model is on held-out data.
public struct ValidationResult: Sendable, Hashable, Codable {
    /// The mean loss, of the same weights as in training.
    public var loss: Double
    /// Anything else worth knowing, by name: `["BLEU": 38.2]`. Where one of them chooses the best model, more is better.
    public var metrics: [String: Double]

    /// A result of this loss.
    public init(loss: Double, metrics: [String: Double] = [:]) {
        self.loss = loss
        self.metrics = metrics
    }
}

/// What a validation found.
public struct Validation: Sendable, Hashable, Codable {
    /// After how many updates.
    public var update: Int
    /// The mean loss.
    public var loss: Double
    /// Metrics by name.
    public var metrics: [String: Double]

    package init(update: Int, loss: Double, metrics: [String: Double]) {
        self.update = update
        self.loss = loss
        self.metrics = metrics
    }

    /// How good the model was; more is better.
    func score(by metric: String?) -> Double {
        metric.map { metrics[$0] ?? -.infinity } ?? -loss
    }
}

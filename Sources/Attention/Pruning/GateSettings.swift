/// How gates are learnt.
public struct GateSettings: Codable, Sendable, Hashable {
    /// Updates of the model and its gates.
    public var maximumUpdates = 2000
    /// The tokens of a batch, padding included.
    public var batchTokens = 2048
    /// The learning rate of the model.
    public var modelRate: Float = 1e-4
    /// The learning rate of the gates.
    public var gateRate: Float = 0.05
    /// ln α of every gate in the beginning: how open all are.
    public var start: Float = 2
    /// The norm gradients are cut to.
    public var clippingNorm: Float = 1
    /// ε of label smoothing.
    public var smoothing: Float = 0.1

    /// The defaults, for a model that has learnt what it is for.
    public init() {}

    /// Throws what is wrong with these settings, if anything is.
    func check() throws(PruningError) {
        for (name, value) in [("maximumUpdates", maximumUpdates), ("batchTokens", batchTokens)] where value < 1 {
            throw .setting(name, expected: "at least 1", found: "\(value)")
        }
        for (name, value) in [("gateRate", gateRate), ("clippingNorm", clippingNorm)]
        where !(value > 0 && value.isFinite) {
            throw .setting(name, expected: "above 0", found: "\(value)")
        }
        guard modelRate >= 0, modelRate.isFinite else {
            throw .setting("modelRate", expected: "at least 0", found: "\(modelRate)")
        }
        guard start.isFinite else { throw .setting("start", expected: "a number", found: "\(start)") }
        guard 0..<1 ~= smoothing else {
            throw .setting("smoothing", expected: "from 0 to below 1", found: "\(smoothing)")
        }
    }
}

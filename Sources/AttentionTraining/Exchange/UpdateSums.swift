package import AttentionTensors

/// What the batches of an update add up to.
///
/// What the last batch adds to the gradients is computed when somebody asks for it: the gradients of the last layers may travel while those of the first are
/// still to be computed. Whoever asks for them in whatever order gets the same bits.
public struct UpdateSums: Sendable {
    /// The losses and their weights.
    public var losses = LossSums()
    private var known = ParameterGradients()
    private var pending: PendingGradients?

    /// Nothing yet.
    public init() {}

    /// The gradients, not yet divided by the weight of the loss. What is still to be computed of them is computed now.
    public var gradients: ParameterGradients {
        mutating get {
            finish()
            return known
        }
        set { (known, pending) = (newValue, nil) }
    }

    /// Adds a batch, whose gradients are computed when they are asked for, after those of the batch before.
    /// - Throws: `ShapeError` if the loss is not a scalar.
    package mutating func add(_ loss: LossValue, of tracked: some Module) throws(ShapeError) {
        finish()
        pending = try PendingGradients(of: loss.total, tracked)
        losses.add(loss.sums)
    }

    /// Computes what is still to be computed, so that its graph is gone.
    package mutating func finish() {
        for name in pending?.names ?? [] { addPending(name) }
        pending = nil
    }

    /// The sum for a parameter, which is then gone from here; nil if no result depended on it.
    mutating func takeGradient(of name: String) -> Tensor? {
        addPending(name)
        defer { known[name] = nil }
        return known[name]
    }

    private mutating func addPending(_ name: String) {
        if let gradient = pending?.takeGradient(of: name) { known.add(gradient, to: name) }
    }
}

/// What a batch adds to the gradients of the trained parameters, each computed when it is asked for.
private struct PendingGradients: Sendable {
    private var pass: BackwardPass
    private let leaves: [String: Tensor]

    init(of total: Tensor, _ tracked: some Module) throws(ShapeError) {
        pass = try BackwardPass(from: total)
        let trained = tracked.parameters { $1.role == .trained && $1.isTracked }
        leaves = Dictionary(uniqueKeysWithValues: trained.map { ($0.name, $0.parameter.tensor) })
    }

    var names: [String] { leaves.keys.sorted() }

    mutating func takeGradient(of name: String) -> Tensor? {
        guard let leaf = leaves[name] else { return nil }
        return pass.takeGradient(of: leaf)
    }
}

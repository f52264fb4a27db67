public import AttentionTensors

/// A model whose heads have gates that are learnt with it: what a head gives is multiplied by its gate, and what an open gate costs is part of the loss.
///
///     L = L_model(gates drawn) + λ Σ_h P(z_h ≠ 0)
///
/// Heads whose gates settle at 0 give nothing any more and can be taken out. A gate is a factor of its head's columns of the mixing weight, so that any model with
/// `prunableParts` can have them, and none has to know.
///
/// *Source:* Voita et al. 2019, *Analyzing Multi-Head Self-Attention: Specialized Heads Do the Heavy Lifting, the Rest Can Be Pruned*, sec. 5, eqs. 8 to 11.
public struct GatedHeads<Model: Module>: Module {
    /// The model without its gates.
    public private(set) var model: Model
    /// ln α of the heads of each attention.
    public private(set) var gates: [Parameter]
    /// Where these attentions stand in the model.
    public let paths: [String]
    /// What gates are drawn from.
    public let distribution: HardConcrete

    /// A model with a gate for each head.
    /// - Parameter start: ln α in the beginning.
    public init(_ model: Model, start: Float = 2, distribution: HardConcrete = HardConcrete()) {
        let attentions = model.prunableParts.filter { $0.part == .heads }
        (self.model, self.distribution, paths) = (model, distribution, attentions.map(\.path))
        gates = attentions.map { Parameter(.full(start, [$0.count])) }
    }

    /// The same with other gates: ln α of the heads of each attention, in the order of `paths`.
    /// - Throws: `ShapeError` unless there are as many as there are heads.
    public func replacingGates(_ logAlpha: [Tensor]) throws(ShapeError) -> GatedHeads {
        guard logAlpha.map(\.shape) == gates.map(\.shape) else {
            throw ShapeError(
                "replacingGates", expected: "gates \(gates.map(\.shape))", found: "\(logAlpha.map(\.shape))")
        }
        var copy = self
        copy.gates = logAlpha.map { Parameter($0) }
        return copy
    }

    /// The model with gates drawn by `key`.
    public func drawn(by key: RandomKey) throws(ShapeError) -> Model {
        try model.scalingParts(factors { distribution.drawn($1, key: key[$0]) })
    }

    /// The model with its gates as they are when nothing is drawn any more.
    public func settled() throws(ShapeError) -> Model {
        try model.scalingParts(factors { distribution.settled($1.detached()) })
    }

    /// The settled gates of the heads of each attention, by its path.
    public var settledGates: [String: [Float]] { factors { distribution.settled($1.detached()) }.mapValues(\.values) }

    /// The heads whose gates settle at 0, by the path of their attention, but for those that are protected; where all of an attention would go, the one that is nearest
    /// to being open stays.
    public func closedHeads(protecting protected: [String: Set<Int>] = [:]) -> [String: [Int]] {
        var closed: [String: [Int]] = [:]
        for (path, gate) in zip(paths, gates) {
            let logAlpha = gate.tensor.detached()
            let (settled, kept) = (distribution.settled(logAlpha).values, protected[path] ?? [])
            var gone = settled.indices.filter { settled[$0] == 0 && !kept.contains($0) }
            if gone.count == settled.count, let last = logAlpha.indicesOfMaximum().first {
                gone.removeAll { $0 == last }
            }
            closed[path] = gone
        }
        return closed
    }

    /// Σ P(z ≠ 0): how many heads are to be expected open, a scalar.
    public func openCount() -> Tensor {
        gates.reduce(Tensor(Float(0))) { $0 + distribution.openProbability($1.tensor).sum() }
    }

    /// What is made of the ln α of each attention, by its path.
    private func factors(_ make: (_ index: Int, _ logAlpha: Tensor) -> Tensor) -> [String: Tensor] {
        Dictionary(
            uniqueKeysWithValues: gates.indices.map { (paths[$0], make($0, gates[$0].tensor)) })
    }

    /// `model.…`, `gates.0`, `gates.1`, ….
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try model.visit(&visitor, path / "model")
        try gates.visit(&visitor, path / "gates")
    }
}

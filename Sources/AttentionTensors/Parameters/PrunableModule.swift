/// A module made of equal parts that do not hear of each other, and a map that mixes what they give: the heads of an attention, the hidden units of a
/// feed-forward layer. Parts can be taken out of it for good.
public protocol PrunableModule: Module {
    /// What its parts are.
    static var part: PrunablePart { get }
    /// How many there are.
    var partCount: Int { get }
    /// The weight [O, partCount · n] of the map that mixes them: each part owns as many columns in a row.
    var mixing: Parameter { get set }

    /// The same module with these parts alone, in this order.
    /// - Throws: `ShapeError` if there is no such part, or none is left.
    func keeping(_ parts: [Int]) throws(ShapeError) -> Self
}

/// What a model can do with fewer of.
public enum PrunablePart: String, Sendable, Hashable, CaseIterable {
    /// Heads of an attention, with those of the queries that share keys.
    case heads
    /// Hidden units of a feed-forward layer.
    case hiddenUnits
}

extension PrunableModule {
    /// The derivative of a loss with respect to what each part's output is multiplied by, where that is 1: Σ W ∘ ∂L/∂W over its columns of the
    /// mixing weight W.
    ///
    /// *Source:* Michel, Levy & Neubig 2019, *Are Sixteen Heads Really Better than One?*, eq. 2 without its mean and modulus. A mask on what a head gives
    /// is a factor of its columns, so that no mask has to be computed with.
    /// - Parameter gradients: those of the loss, of which this tracked module is a part.
    public func sensitivities(_ gradients: Gradients) throws(ShapeError) -> [Float] {
        guard let gradient = gradients[mixing] else { return Array(repeating: 0, count: partCount) }
        return try columnSums(mixing.tensor.detached() * gradient)
    }

    /// The size of each part's columns of the mixing weight, √Σ W².
    public func sizes() throws(ShapeError) -> [Float] {
        let weight = mixing.tensor.detached()
        return try columnSums(weight * weight).map { $0.squareRoot() }
    }

    /// The same module, where what each part gives is multiplied by a factor: its columns of the mixing weight are. Gradients flow to both.
    /// - Throws: `ShapeError` unless there is a factor for each part, [partCount].
    public func scaled(by factors: Tensor) throws(ShapeError) -> Self {
        guard factors.shape == [partCount] else {
            throw ShapeError("scaled", expected: "a factor for each of \(partCount) parts", found: "\(factors.shape)")
        }
        let width = mixing.shape[1] / max(1, partCount)
        let columns = try factors.unsqueezed(axis: 1).expanded(to: [partCount, width]).reshaped(to: [partCount * width])
        var copy = self
        copy.mixing = mixing.replacing(with: mixing.tensor * columns)
        return copy
    }

    private func columnSums(_ weight: Tensor) throws(ShapeError) -> [Float] {
        let width = weight.shape[1] / max(1, partCount)
        let columns = try weight.sum(axis: 0).values
        return (0..<partCount).map { part in columns[part * width..<(part + 1) * width].reduce(0, +) }
    }
}

extension Module {
    /// The modules of this one that parts can be taken out of, by their paths, in the order of `visit`.
    public var prunableParts: [PrunableParts] {
        var copy = self
        var census = PartCensus()
        copy.visit(&census, ParameterPath())
        return census.found
    }

    /// What each part of this tracked module changes in a loss with these gradients, by the paths of `prunableParts`.
    public func partSensitivities(_ gradients: Gradients) throws(ShapeError) -> [String: [Float]] {
        var copy = self
        var reader = PartReader { (module) throws(ShapeError) in try module.sensitivities(gradients) }
        try copy.visit(&reader, ParameterPath())
        return reader.found
    }

    /// The size of each part, by the paths of `prunableParts`.
    public func partSizes() throws(ShapeError) -> [String: [Float]] {
        var copy = self
        var reader = PartReader { (module) throws(ShapeError) in try module.sizes() }
        try copy.visit(&reader, ParameterPath())
        return reader.found
    }

    /// The same module, of whose modules at these paths these parts are left.
    /// - Throws: `ShapeError` if there is no such part, or none is left.
    public func keepingParts(_ kept: [String: [Int]]) throws(ShapeError) -> Self {
        var copy = self
        var pruner = PartPruner(kept: kept)
        try copy.visit(&pruner, ParameterPath())
        return copy
    }
}

extension Module {
    /// The same module, where what the parts of its modules at these paths give is multiplied by factors, [partCount] each. Gradients flow to both.
    /// - Throws: `ShapeError` unless there is a factor for each part.
    public func scalingParts(_ factors: [String: Tensor]) throws(ShapeError) -> Self {
        var copy = self
        var scaler = PartScaler(factors: factors)
        try copy.visit(&scaler, ParameterPath())
        return copy
    }
}

/// A module that parts can be taken out of.
public struct PrunableParts: Sendable, Hashable {
    /// Where it stands: `encoder.0.self_attention`.
    public let path: String
    /// What its parts are.
    public let part: PrunablePart
    /// How many there are.
    public let count: Int

    /// So many parts of a module.
    public init(path: String, part: PrunablePart, count: Int) {
        (self.path, self.part, self.count) = (path, part, count)
    }
}

private struct PartCensus: ParameterVisitor {
    var found: [PrunableParts] = []

    mutating func visit(_ parameter: inout Parameter, _ path: ParameterPath) throws(Never) {}

    mutating func visit<Parts: PrunableModule>(parts: inout Parts, _ path: ParameterPath) throws(Never) {
        found.append(PrunableParts(path: path.description, part: Parts.part, count: parts.partCount))
    }
}

private struct PartReader: ParameterVisitor {
    let read: (any PrunableModule) throws(ShapeError) -> [Float]
    var found: [String: [Float]] = [:]

    init(_ read: @escaping (any PrunableModule) throws(ShapeError) -> [Float]) { self.read = read }

    mutating func visit(_ parameter: inout Parameter, _ path: ParameterPath) throws(ShapeError) {}

    mutating func visit<Parts: PrunableModule>(parts: inout Parts, _ path: ParameterPath) throws(ShapeError) {
        found[path.description] = try read(parts)
    }
}

private struct PartPruner: ParameterVisitor {
    let kept: [String: [Int]]

    mutating func visit(_ parameter: inout Parameter, _ path: ParameterPath) throws(ShapeError) {}

    mutating func visit<Parts: PrunableModule>(parts: inout Parts, _ path: ParameterPath) throws(ShapeError) {
        if let chosen = kept[path.description] { parts = try parts.keeping(chosen) }
    }
}

private struct PartScaler: ParameterVisitor {
    let factors: [String: Tensor]

    mutating func visit(_ parameter: inout Parameter, _ path: ParameterPath) throws(ShapeError) {}

    mutating func visit<Parts: PrunableModule>(parts: inout Parts, _ path: ParameterPath) throws(ShapeError) {
        if let own = factors[path.description] { parts = try parts.scaled(by: own) }
    }
}

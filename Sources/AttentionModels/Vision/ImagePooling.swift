public import AttentionLayers
public import AttentionTensors

/// One vector of all that an encoder of pictures gives, [B, L, M] → [B, M].
public enum ImagePooling: Module {
    /// x₁, the vector that stands for the picture as a whole.
    case first
    /// tanh(W x₁ + b).
    case transformedFirst(Linear)
    /// The mean of all.
    case mean
    /// [x₁; the mean of those from this place on], of size 2 M: of the picture as a whole and of its patches (Oquab et al. 2023, *DINOv2*,
    /// appendix B.3).
    case firstAndMean(from: Int)
    /// What a learnt query reads of all (Hassani et al. 2021, *Escaping the Big Data Paradigm with Compact Transformers*, sec. 3.3).
    case attentive(QueryPooling)

    /// The size of the vector, of vectors of this size.
    func size(of modelSize: Int) -> Int {
        if case .firstAndMean = self { 2 * modelSize } else { modelSize }
    }

    /// [B, L, M] → [B, M].
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func callAsFunction(_ x: Tensor) throws(ShapeError) -> Tensor {
        switch self {
        case .first: try x.first()
        case .transformedFirst(let map): try map(try x.first(), activation: .tanh)
        case .mean: try x.mean(axis: 1)
        case .firstAndMean(let from):
            try concatenated([try x.first(), try x.sliced(axis: 1, from..<x.shape[1]).mean(axis: 1)], axis: 1)
        case .attentive(let pooling): try pooling(x).output
        }
    }

    /// How much of each vector is read, [B, L]; nil where that was not learnt.
    /// - Throws: `ShapeError` if the shapes do not fit.
    func weights(_ x: Tensor) throws(ShapeError) -> Tensor? {
        guard case .attentive(let pooling) = self else { return nil }
        return try pooling(x).weights
    }

    /// Those of the map or of the query, if there is one.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        switch self {
        case .first, .mean, .firstAndMean: break
        case .transformedFirst(var map):
            try map.visit(&visitor, path)
            self = .transformedFirst(map)
        case .attentive(var pooling):
            try pooling.visit(&visitor, path)
            self = .attentive(pooling)
        }
    }
}

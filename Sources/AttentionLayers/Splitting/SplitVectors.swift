public import AttentionTensors

/// Vectors that are known as sums of what has written them: x = Σ_p parts[p].
///
/// Affine maps keep the sum: W x + b = Σ_p W parts[p] + b, and b is written by the biases. A norm is such a map as soon as what it measures, the
/// mean and the deviation of the whole x, is held fixed (`Norm.fixed(at:)`), so that whatever a query or a key is made of can be followed through
/// all layers, exactly.
///
/// - Source: Elhage et al. (2021), *A Mathematical Framework for Transformer Circuits*; Kobayashi et al. (2021), *Incorporating Residual and
///   Normalization Layers into Analysis of Masked Language Models*, sec. 3, for the norms.
public struct SplitVectors: Sendable {
    /// Who wrote each part; the biases are the first.
    public let sources: [VectorSource]
    /// The parts, [P, ...].
    public let parts: Tensor

    private init(sources: [VectorSource], parts: Tensor) { (self.sources, self.parts) = (sources, parts) }

    /// Vectors [...] each of which one source has written; there are no biases in them.
    /// - Precondition: there is one.
    public init(_ written: [(source: VectorSource, vectors: Tensor)]) throws(ShapeError) {
        precondition(!written.isEmpty, "SplitVectors: expected vectors that something has written, found none")
        sources = [.biases] + written.map(\.source)
        parts = try stacked([.zeros(written[0].vectors.shape)] + written.map(\.vectors))
    }

    /// Σ_p parts[p], [...].
    /// - Throws: `ShapeError` if the parts are not vectors.
    public func sum() throws(ShapeError) -> Tensor { try parts.sum(axis: 0) }

    /// f(x) as a sum over the same sources.
    ///
    /// - Parameter f: an affine map of [P, ...]; f(0) is written by the biases.
    /// - Throws: what the map throws.
    public func mapped(_ f: (Tensor) throws(ShapeError) -> Tensor) throws(ShapeError) -> SplitVectors {
        let zero = Tensor.zeros(Shape([1] + parts.shape.dimensions.dropFirst()))
        let images = try f(try concatenated([zero, parts], axis: 0))
        let rest = try images.sliced(axis: 0, 2..<images.shape[0]) - images.sliced(axis: 0, 0..<1)
        return SplitVectors(
            sources: sources, parts: try concatenated([try images.sliced(axis: 0, 1..<2), rest], axis: 0))
    }

    /// x + y, y being of the same shape and written by others but for the biases.
    /// - Throws: `ShapeError` if the shapes differ.
    public func adding(_ other: SplitVectors) throws(ShapeError) -> SplitVectors {
        let biases = try parts.sliced(axis: 0, 0..<1) + other.parts.sliced(axis: 0, 0..<1)
        let rest = try [self, other].map { split throws(ShapeError) in
            try split.parts.sliced(axis: 0, 1..<split.sources.count)
        }
        return SplitVectors(
            sources: sources + other.sources.dropFirst(), parts: try concatenated([biases] + rest, axis: 0))
    }
}

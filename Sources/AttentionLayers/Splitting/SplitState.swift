public import AttentionTensors

/// The state of a text between two layers, and its vectors at some places as sums of what has written them.
public struct SplitState: Sendable {
    /// The state at all places, [1, K, M].
    public let all: Tensor
    /// The N places that are split.
    public let places: [Int]
    /// The vectors there, [N, M].
    public let split: SplitVectors

    /// A state, split at these places.
    public init(_ all: Tensor, at places: [Int], _ split: SplitVectors) {
        (self.all, self.places, self.split) = (all, places, split)
    }

    /// What one source has written everywhere: [1, K, M].
    /// - Throws: `ShapeError` if there is no such place.
    package init(_ all: Tensor, at places: [Int], writtenBy source: VectorSource) throws(ShapeError) {
        self.init(all, at: places, try SplitVectors([(source, try all.rows(atPlaces: places))]))
    }

    /// The sum of what these sources have written, [1, K, M] each.
    /// - Throws: `ShapeError` if there is no such place, or the shapes differ.
    public init(_ written: [(source: VectorSource, all: Tensor)], at places: [Int]) throws(ShapeError) {
        var rows: [(source: VectorSource, vectors: Tensor)] = []
        for (source, all) in written { rows.append((source, try all.rows(atPlaces: places))) }
        self.init(written.dropFirst().reduce(written[0].all) { $0 + $1.all }, at: places, try SplitVectors(rows))
    }

    /// The state under a norm, if there is one.
    /// - Throws: `ShapeError` if the sizes do not fit.
    public func normed(by norm: (any Norm)?) throws(ShapeError) -> SplitState {
        guard let norm else { return self }
        return SplitState(
            try norm(all), at: places, try split.mapped(try norm.fixed(at: try all.rows(atPlaces: places))))
    }

    /// The state through an affine map.
    /// - Throws: what the map throws.
    public func mapped(_ f: (Tensor) throws(ShapeError) -> Tensor) throws(ShapeError) -> SplitState {
        SplitState(try f(all), at: places, try split.mapped(f))
    }

    /// The sum of two states at the same places.
    /// - Throws: `ShapeError` if the shapes differ.
    func adding(_ other: SplitState) throws(ShapeError) -> SplitState {
        SplitState(all + other.all, at: places, try split.adding(other.split))
    }
}

extension Tensor {
    /// [1, K, M] → [N, M], the vectors at these places.
    func rows(atPlaces places: [Int]) throws(ShapeError) -> Tensor { try at(0).rows(places, shape: [places.count]) }
}

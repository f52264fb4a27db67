extension AlignmentMap {
    /// Which part of a map to look at.
    public enum View: Sendable, Hashable {
        /// The head its maker chose; the mean of all heads where none was chosen.
        case chosen
        /// One head.
        case head(HeadIndex)
        /// The mean over the heads of one layer.
        case layer(Int)
        /// The mean over all heads of all layers.
        case mean
    }

    /// One head, or the mean of several, as a matrix.
    ///
    /// - Parameter view: which heads.
    /// - Returns: a matrix over the same tokens, `[Q][K]`.
    /// - Throws: `AlignmentError.noSuchHead` when the view names a layer or head that the map does not have.
    public func matrix(_ view: View = .chosen) throws(AlignmentError) -> AlignmentMatrix {
        switch view {
        case .chosen:
            return chosenMatrix
        case .head(let index):
            try check(index)
            return matrix(weights[index.layer][index.head])
        case .layer(let layer):
            try check(HeadIndex(layer: layer, head: 0))
            return matrix(meanOfHeads(weights[layer]))
        case .mean:
            return meanMatrix
        }
    }

    /// The matrix of `View.chosen`, which every map has.
    public var chosenMatrix: AlignmentMatrix {
        chosen.map { matrix(weights[$0.layer][$0.head]) } ?? meanMatrix
    }

    private var meanMatrix: AlignmentMatrix { matrix(meanOfHeads(Array(weights.joined()))) }

    /// A map of one layer with one head.
    public init(_ matrix: AlignmentMatrix) {
        self.init(
            unchecked: matrix.name, source: matrix.source, target: matrix.target, weights: [[matrix.weights]],
            layerNames: nil, headNames: nil, chosen: nil)
    }

    func check(_ index: HeadIndex) throws(AlignmentError) {
        guard weights.indices.contains(index.layer), weights[index.layer].indices.contains(index.head) else {
            throw .noSuchHead(index, layerCount: layerCount, headCount: headCount)
        }
    }

    private func matrix(_ rows: [[Float]]) -> AlignmentMatrix {
        AlignmentMatrix(unchecked: name, source: source, target: target, weights: rows)
    }
}

/// The element-wise mean of matrices of one shape, of which there is at least one.
func meanOfHeads(_ heads: [[[Float]]]) -> [[Float]] {
    let share = 1 / Float(heads.count)
    var mean = heads[0]
    for target in mean.indices {
        for source in mean[target].indices {
            mean[target][source] = share * heads.reduce(0) { $0 + $1[target][source] }
        }
    }
    return mean
}

extension Tensor {
    /// The largest of the entries of each row along the last axis that `visible` admits, [..., 1]; 0 for a row that admits none.
    ///
    /// The gradient flows to the first of equals.
    /// - Throws: `ShapeError` if the mask does not fit.
    package func maximumOfRows(visible: Mask? = nil) throws(ShapeError) -> Tensor {
        try mappingRows(visible: visible) { row in
            let best = row.indexOfMaximum
            for index in row.indices where index != best { row[index] = 0 }
        } pullback: { gradient, row, _ in
            let best = row.indexOfMaximum
            for index in row.indices where index != best { gradient[index] = 0 }
        }.sum(axis: -1, keepingAxis: true)
    }
}

extension [Double] {
    /// Where the largest element is, the first of equals.
    fileprivate var indexOfMaximum: Int {
        var best = 0
        for index in indices where self[index] > self[best] { best = index }
        return best
    }
}

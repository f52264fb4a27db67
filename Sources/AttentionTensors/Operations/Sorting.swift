/// Elements in order, and where they stood.
public struct RankedElements: Sendable {
    /// The elements, part of the graph: each passes its gradient to where it stood.
    public let values: Tensor
    /// For each of the values, row-major, its index along the axis.
    public let indices: [Int]
}

/// Which way elements are sorted.
public enum SortingOrder: Sendable, Hashable, CaseIterable {
    /// The smallest first.
    case ascending
    /// The largest first.
    case descending
}

extension Tensor {
    /// The elements sorted along an axis, and their indices. Equal elements keep their order; NaN counts as the largest.
    /// - Throws: `ShapeError` if there is no such axis.
    /// - Complexity: O(n log n) for each line of n elements.
    public func sorted(axis: Int = -1, _ order: SortingOrder = .ascending) throws(ShapeError) -> RankedElements {
        let layout = try AxisLayout(shape, axis: axis, in: "sorted")
        return ranked(layout, count: layout.count) { line in
            switch order {
            case .ascending:
                line.indices.sorted { line[$1].exceeds(line[$0]) || (!line[$0].exceeds(line[$1]) && $0 < $1) }
            case .descending: line.largestFirst()
            }
        }
    }

    /// The `count` largest elements along an axis, largest first, and their indices. Of equal elements the earlier comes first; NaN counts as
    /// the largest.
    /// - Throws: `ShapeError` if there is no such axis or it has fewer elements.
    /// - Complexity: O(n log k) for each line of n elements in random order.
    public func topK(_ count: Int, axis: Int = -1) throws(ShapeError) -> RankedElements {
        let layout = try AxisLayout(shape, axis: axis, in: "topK")
        guard (0...layout.count).contains(count) else {
            throw ShapeError("topK", expected: "a count of 0 … \(layout.count) for \(shape)", found: "\(count)")
        }
        return ranked(layout, count: count) { $0.largest(count) }
    }

    /// The elements that `rank` chooses of each line along an axis, by their indices.
    private func ranked(_ layout: AxisLayout, count: Int, _ rank: ([Float]) -> [Int]) -> RankedElements {
        var sizes = shape.dimensions
        sizes[layout.axis] = count
        let (size, inner) = (Shape(sizes).elementCount, layout.inner)
        var (indices, positions) = ([Int](repeating: 0, count: size), [Int](repeating: 0, count: size))
        withElements { x in
            for line in 0..<layout.outer * inner {
                let (block, column) = (line / inner, line % inner)
                let start = block * layout.count * inner + column
                let elements = (0..<layout.count).map { x[start + $0 * inner] }
                for (place, index) in rank(elements).enumerated() {
                    let target = (block * count + place) * inner + column
                    (indices[target], positions[target]) = (index, start + index * inner)
                }
            }
        }
        return RankedElements(values: taking(positions, shape: Shape(sizes)), indices: indices)
    }
}

extension Float {
    /// Whether this stands above, with NaN above all else.
    fileprivate func exceeds(_ other: Float) -> Bool { self > other || (isNaN && !other.isNaN) }
}

extension [Float] {
    /// All indices, those of the largest elements first.
    fileprivate func largestFirst() -> [Int] {
        indices.sorted { self[$0].exceeds(self[$1]) || (!self[$1].exceeds(self[$0]) && $0 < $1) }
    }

    /// The indices of the largest elements, kept in order while the rest goes by.
    fileprivate func largest(_ count: Int) -> [Int] {
        // Many are inserted more slowly than all are sorted.
        guard count <= 128 else { return [Int](largestFirst().prefix(count)) }
        var best: [Int] = []
        best.reserveCapacity(count + 1)
        for (index, element) in enumerated() {
            if best.count == count {
                guard let last = best.last, element.exceeds(self[last]) else { continue }
                best.removeLast()
            }
            var (low, high) = (0, best.count)
            while low < high {
                let middle = (low + high) / 2
                if element.exceeds(self[best[middle]]) { high = middle } else { low = middle + 1 }
            }
            best.insert(index, at: low)
        }
        return best
    }
}

extension Tensor {
    /// Whether the elements lie in row-major order without gaps.
    package var isContiguous: Bool {
        var expected = 1
        for axis in stride(from: shape.rank - 1, through: 0, by: -1) where shape[axis] != 1 {
            if strides[axis] != expected { return shape.elementCount == 0 }
            expected *= shape[axis]
        }
        return true
    }

    /// The same values in row-major order without gaps; itself if they already are. Part of the graph.
    package func contiguous() -> Tensor {
        isContiguous ? self : copied().derived(from: self) { upstream, gradients in gradients.add(upstream, to: self) }
    }

    /// Reads the elements in row-major order.
    package func withElements<Result>(_ body: (UnsafePointer<Float>) throws -> Result) rethrows -> Result {
        let source = isContiguous ? self : copied()
        return try withExtendedLifetime(source.storage) {
            try body(UnsafePointer(source.storage.elements + source.offset))
        }
    }

    /// Reads the storage as it is, from the first element on; `strides` tell where the others are.
    package func withStorage<Result>(_ body: (UnsafePointer<Float>) throws -> Result) rethrows -> Result {
        try withExtendedLifetime(storage) { try body(UnsafePointer(storage.elements + offset)) }
    }

    /// Changes the elements in place, after making this value their only owner. Not part of the graph.
    package mutating func withMutableElements<Result>(
        _ body: (UnsafeMutablePointer<Float>) throws -> Result
    ) rethrows -> Result {
        node = nil
        if !(isContiguous && ownsStorage()) { self = copied() }
        return try withExtendedLifetime(storage) { try body(storage.elements + offset) }
    }

    /// A row-major copy outside the graph.
    package func copied() -> Tensor {
        Tensor(shape: shape) { out in
            withStorage { source in copyStrided(from: source, shape.dimensions, strides, to: out) }
        }
    }
}

/// Copies a strided block to row-major memory, in runs as long as the layout allows.
private func copyStrided(
    from source: UnsafePointer<Float>, _ sizes: [Int], _ strides: [Int], to out: UnsafeMutablePointer<Float>
) {
    guard let innermost = sizes.last else {
        out[0] = source[0]
        return
    }
    guard sizes.allSatisfy({ $0 > 0 }) else { return }
    let innerStride = strides[strides.count - 1]
    let outer = sizes.count - 1
    let rowCount = sizes.dropLast().reduce(1, *)
    Parallel.forEachChunk(of: rowCount, grain: max(1, 16384 / innermost)) { rows in
        var index = [Int](repeating: 0, count: outer)
        var position = 0
        var rest = rows.lowerBound
        for axis in stride(from: outer - 1, through: 0, by: -1) {
            index[axis] = rest % sizes[axis]
            rest /= sizes[axis]
            position += index[axis] * strides[axis]
        }
        for row in rows {
            let target = out + row * innermost
            let line = source + position
            if innerStride == 1 {
                target.update(from: line, count: innermost)
            } else {
                for column in 0..<innermost { target[column] = line[column * innerStride] }
            }
            var axis = outer - 1
            while axis >= 0 {
                index[axis] += 1
                position += strides[axis]
                if index[axis] < sizes[axis] { break }
                position -= strides[axis] * sizes[axis]
                index[axis] = 0
                axis -= 1
            }
        }
    }
}

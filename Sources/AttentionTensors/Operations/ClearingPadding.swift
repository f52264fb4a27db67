extension Tensor {
    /// Sequences [B, L, …] with zeros behind each item's length, so that nothing that stands there, not even NaN, can reach a sum or a gradient.
    ///
    /// Without lengths, or when all sequences are full, they are as they were.
    /// - Throws: `ShapeError` unless there is one length of 0 … L for each item.
    package func clearingPadding(_ lengths: [Int]?) throws(ShapeError) -> Tensor {
        guard let lengths else { return self }
        guard shape.rank >= 2, lengths.count == shape[0], lengths.allSatisfy({ (0...shape[1]).contains($0) }) else {
            let expected = shape.rank >= 2 ? "\(shape[0]) lengths of at most \(shape[1])" : "sequences [B, L, …]"
            throw ShapeError(
                "clearingPadding", expected: expected, found: shape.rank >= 2 ? "\(lengths)" : "\(shape)")
        }
        guard lengths.contains(where: { $0 < shape[1] }) else { return self }
        return cleared(lengths).derived(from: self) { upstream, gradients in
            gradients.add(upstream.cleared(lengths), to: self)
        }
    }

    /// The same outside the graph; the lengths are known to fit.
    private func cleared(_ lengths: [Int]) -> Tensor {
        let size = shape.dimensions.dropFirst(2).reduce(1, *)
        let span = shape[1] * size
        var result = copied()
        result.withMutableElements { elements in
            for (item, length) in lengths.enumerated() {
                (elements + item * span + length * size).update(repeating: 0, count: span - length * size)
            }
        }
        return result
    }
}

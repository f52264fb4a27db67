/// What stands beyond the ends of an axis.
public enum PaddingMode: Sendable, Hashable {
    /// A number.
    case constant(Float)
    /// The elements mirrored at the outermost one, which is not repeated: c b | a b c | b a.
    case reflect
    /// The outermost element: a a | a b c | c c.
    case edge

    /// The index that an index beyond 0 ..< count stands for; nil if none.
    fileprivate func source(_ index: Int, _ count: Int) -> Int? {
        guard !(0..<count).contains(index) else { return index }
        return switch self {
        case .constant: nil
        case .reflect: index < 0 ? -index : 2 * (count - 1) - index
        case .edge: index < 0 ? 0 : count - 1
        }
    }
}

extension Tensor {
    /// The tensor with more elements before and after those it has along an axis.
    ///
    /// An element's gradient is the sum of those of all its copies; a constant has none.
    /// - Throws: `ShapeError` if there is no such axis, a width is negative, or there is too little to mirror or to repeat: `reflect` takes
    ///   widths below the axis' size, `edge` an axis that is not empty.
    public func padded(
        axis: Int, before: Int, after: Int, _ mode: PaddingMode = .constant(0)
    ) throws(ShapeError) -> Tensor {
        let layout = try AxisLayout(shape, axis: axis, in: "padded")
        let most =
            switch mode {
            case .constant: Int.max
            case .reflect: max(0, layout.count - 1)
            case .edge: layout.count > 0 ? Int.max : 0
            }
        guard (0...most).contains(before), (0...most).contains(after) else {
            throw ShapeError(
                "padded", expected: "widths of at least 0\(most == .max ? "" : " and at most \(most)") for \(shape)",
                found: "\(before) and \(after)")
        }
        guard before > 0 || after > 0 else { return self }
        var sizes = shape.dimensions
        sizes[layout.axis] += before + after
        let blocks = PaddedBlocks(
            layout: layout, sources: (-before..<layout.count + after).map { mode.source($0, layout.count) })
        let target = try Shape(sizes).checked(for: "padded")
        let filler: Float = if case .constant(let value) = mode { value } else { 0 }
        let output = Tensor(shape: target) { out in
            withElements { x in
                blocks.visit { place, source in
                    if let source {
                        (out + place).update(from: x + source, count: layout.inner)
                    } else {
                        (out + place).update(repeating: filler, count: layout.inner)
                    }
                }
            }
        }
        return output.derived(from: self) { upstream, gradients in
            gradients.accumulate(to: self) { total in
                upstream.withElements { upstream in
                    blocks.visit { place, source in
                        guard let source else { return }
                        for index in 0..<layout.inner { total[source + index] += upstream[place + index] }
                    }
                }
            }
        }
    }
}

/// Which slice of a tensor stands where in the padded one.
private struct PaddedBlocks: Sendable {
    let layout: AxisLayout
    /// For each index along the padded axis, the one it stands for.
    let sources: [Int?]

    func visit(_ body: (_ place: Int, _ source: Int?) -> Void) {
        for block in 0..<layout.outer {
            for (index, source) in sources.enumerated() {
                body(
                    (block * sources.count + index) * layout.inner,
                    source.map { (block * layout.count + $0) * layout.inner })
            }
        }
    }
}

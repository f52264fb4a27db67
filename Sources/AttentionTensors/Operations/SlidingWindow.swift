/// Where a kernel stands on one axis of a picture, place by place.
struct WindowAxis: Sendable {
    /// How many elements the axis has.
    let size: Int
    /// How many of them the kernel sees at a place.
    let kernel: Int
    /// How far apart places are.
    let stride: Int
    /// How many elements are thought before the first and behind the last.
    let padding: Int
    /// How far apart the elements are that the kernel sees.
    let dilation: Int

    /// ⌊(size + 2 padding − dilation (kernel − 1) − 1) / stride⌋ + 1.
    var placeCount: Int { slack < 0 ? 0 : slack / stride + 1 }

    /// How far the kernel can move.
    private var slack: Int { size + 2 * padding - dilation * (kernel - 1) - 1 }

    /// Whether sizes are such that nothing overflows, and the kernel is not larger than what it moves on.
    var isSound: Bool {
        let sides = 0...(1 << 30)
        return sides.contains(size) && sides.contains(padding)
            && [kernel, stride, dilation].allSatisfy {
                $0 > 0 && sides.contains($0)
            } && slack >= -1
    }

    /// The places at which an element of the kernel is on the axis.
    func places(of offset: Int) -> Range<Int> {
        let shift = padding - offset * dilation
        let first = max(0, (shift + stride - 1) / stride)
        let end = size + shift > 0 ? min(placeCount, (size + shift - 1) / stride + 1) : 0
        return first..<max(first, end)
    }

    /// What an element of the kernel sees at a place.
    func source(of offset: Int, at place: Int) -> Int { place * stride + offset * dilation - padding }
}

/// A kernel that moves over a picture, row by row: what convolution and pooling have in common.
struct SlidingWindow: Sendable {
    let rows: WindowAxis
    let columns: WindowAxis

    /// - Throws: `ShapeError` in the name of `operation` if the kernel does not fit the picture and its padding.
    init(
        on image: (rows: Int, columns: Int), kernel: (rows: Int, columns: Int), stride: (rows: Int, columns: Int),
        padding: (rows: Int, columns: Int), dilation: (rows: Int, columns: Int), in operation: String
    ) throws(ShapeError) {
        rows = WindowAxis(
            size: image.rows, kernel: kernel.rows, stride: stride.rows, padding: padding.rows, dilation: dilation.rows)
        columns = WindowAxis(
            size: image.columns, kernel: kernel.columns, stride: stride.columns, padding: padding.columns,
            dilation: dilation.columns)
        guard rows.isSound, columns.isSound else {
            let steps = [("stride", stride), ("dilation", dilation)].filter { $0.1 != (1, 1) }
                .map { ", \($0.0) \($0.1.rows), \($0.1.columns)" }.joined()
            throw ShapeError(
                operation,
                expected:
                    "a kernel of at least 1 × 1 within the image \(image.rows) × \(image.columns) and its padding",
                found: "\(kernel.rows) × \(kernel.columns) with padding \(padding.rows), \(padding.columns)\(steps)")
        }
    }

    /// H W.
    var imageArea: Int { rows.size * columns.size }
    /// h w.
    var kernelArea: Int { rows.kernel * columns.kernel }
    /// H' W'.
    var placeCount: Int { rows.placeCount * columns.placeCount }
    /// Whether the kernel sees the picture as it is: one element at a time, each of them once.
    var isIdentity: Bool {
        [rows, columns].allSatisfy { $0.kernel == 1 && $0.stride == 1 && $0.padding == 0 }
    }

    /// Calls `body` with every run of neighbouring places, among those of `range`, at which one element of the kernel is on the picture: where it
    /// begins among the places, where among the elements of the picture, and how long it is. Elements are `columns.stride` apart.
    func forEachRun(
        of element: Int, within range: Range<Int>, _ body: (_ place: Int, _ source: Int, _ count: Int) -> Void
    ) {
        let (down, right, width) = (element / columns.kernel, element % columns.kernel, columns.placeCount)
        guard width > 0, !range.isEmpty else { return }
        let across = columns.places(of: right)
        let lines = rows.places(of: down).clamped(to: range.lowerBound / width..<(range.upperBound - 1) / width + 1)
        for line in lines {
            let run = (line * width + across.lowerBound..<line * width + across.upperBound).clamped(to: range)
            guard !run.isEmpty else { continue }
            let source =
                rows.source(of: down, at: line) * columns.size
                + columns.source(of: right, at: run.lowerBound - line * width)
            body(run.lowerBound, source, run.count)
        }
    }
}

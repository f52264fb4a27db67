internal import CAttentionKernels

extension SlidingWindow {
    /// Calls `body` with the axes as kernels have them.
    func withAxes<Result>(
        _ body: (_ rows: UnsafePointer<attn_window_axis>, _ columns: UnsafePointer<attn_window_axis>) -> Result
    ) -> Result {
        withUnsafePointer(to: rows.forKernels) { rows in
            withUnsafePointer(to: columns.forKernels) { columns in body(rows, columns) }
        }
    }
}

extension WindowAxis {
    fileprivate var forKernels: attn_window_axis {
        attn_window_axis(
            size: size, kernel: kernel, stride: stride, padding: padding, dilation: dilation, places: placeCount)
    }
}

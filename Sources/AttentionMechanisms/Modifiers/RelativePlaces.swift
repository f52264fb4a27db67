internal import AttentionTensors

/// The relative place r_ij = clamp(j − p, −c, c) + c of every pair, and the two sums over it, each the other's derivative.
struct RelativePlaces: Sendable {
    private let clip: Int
    private let positions: PositionTable
    private let headCount: Int
    private let keyCount: Int

    /// - Throws: `ShapeError` unless the clip is at least 0 and of a size that fits a table, and the positions fit the scores.
    init(clip: Int, scores: Shape, _ positions: Positions) throws(ShapeError) {
        try require((0...1 << 24).contains(clip), "shaw", expected: "a clip of at least 0", found: "\(clip)")
        (self.clip, headCount, keyCount) = (clip, scores[1], scores[3])
        self.positions = try positions.table("shaw", rowCount: scores[0], count: scores[2])
    }

    /// How many places there are.
    var count: Int { 2 * clip + 1 }

    private func place(_ p: Int, _ j: Int) -> Int { min(max(j - p, -clip), clip) + clip }

    /// [B, H, Q, places] → [B, H, Q, K]: y_ij = x_i,r_ij.
    func spread(_ x: Tensor) -> Tensor {
        mapped(x, width: keyCount) { p, row, out in for j in 0..<keyCount { out[j] = row[place(p, j)] } }
            .derived(from: x) { upstream, gradients in gradients.add(collect(upstream), to: x) }
    }

    /// [B, H, Q, K] → [B, H, Q, places]: x_ir = Σ y_ij over the j with r_ij = r.
    func collect(_ y: Tensor) -> Tensor {
        mapped(y, width: count) { p, row, out in
            out.update(repeating: 0, count: count)
            for j in 0..<keyCount { out[place(p, j)] += row[j] }
        }
        .derived(from: y) { upstream, gradients in gradients.add(spread(upstream), to: y) }
    }

    /// A function of every row, outside the graph.
    private func mapped(
        _ x: Tensor, width: Int,
        _ body: (_ p: Int, _ row: UnsafePointer<Float>, _ out: UnsafeMutablePointer<Float>) -> Void
    ) -> Tensor {
        let queryCount = positions.count
        return Tensor(shape: [x.shape[0], x.shape[1], queryCount, width]) { out in
            x.withElements { source in
                for row in 0..<x.shape[0] * x.shape[1] * queryCount {
                    body(
                        positions[row / queryCount / headCount, row % queryCount], source + row * x.shape[3],
                        out + row * width)
                }
            }
        }
    }
}

internal import AttentionTensors
internal import CAttentionKernels

extension FusedAttention {
    /// One query an item, as in a search: hypotheses of one source, side by side, see the same of the same keys. They are the queries of
    /// one unit, and the keys are read once for all. Nil where that does not hold.
    var sharedSources: [Range<Int>]? {
        guard let rows, queryCount == 1, scores.isPlain, dropout == 0, scores.bands == .everywhere else { return nil }
        var sources: [Range<Int>] = []
        for item in rows.indices {
            if let last = sources.last, rows[last.lowerBound] == rows[item] {
                sources[sources.count - 1] = last.lowerBound..<item + 1
            } else {
                sources.append(item..<item + 1)
            }
        }
        return sources.count < rows.count ? sources : nil
    }

    /// One task per head and source.
    func forward(bySource sources: [Range<Int>], into result: FusedResult) {
        let widest = sources.reduce(0) { max($0, $1.count) }
        withUnits { all in
            Parallel.forEachChunk(
                of: sources.count * headCount, grain: grain(headCount: 1, queryCount: widest), chunksPerThread: 4
            ) { tasks in
                let largest = all.unit(item: 0, head: 0).items(widest, stride: q.strides[0])
                let workspace = Scratch(bytes: withUnsafePointer(to: largest) { method.workspace_size($0) })
                let packed = Scratch(bytes: withUnsafePointer(to: largest) { method.packed_size($0) })
                let logSums = Scratch(bytes: widest * MemoryLayout<Float>.size)
                for task in tasks {
                    let (items, head) = (sources[task / headCount], task % headCount)
                    let unit = all.unit(item: items.lowerBound, head: head).items(items.count, stride: q.strides[0])
                    let sums = logSums.pointer.assumingMemoryBound(to: Float.self)
                    withUnsafePointer(to: unit) {
                        method.pack(packed.pointer, $0)
                        method.forward(
                            result.context.rows(items.lowerBound, head), result.context.strides[0], sums, $0,
                            packed.pointer, workspace.pointer)
                    }
                    for (row, item) in items.enumerated() {
                        result.logSums.storage.elements[item * headCount + head] = sums[row]
                    }
                }
            }
        }
    }
}

extension attn_attention {
    /// The same for this many items, whose queries lie so far apart.
    fileprivate func items(_ count: Int, stride: Int) -> attn_attention {
        var unit = self
        unit.queries = count
        unit.query_stride = stride
        return unit
    }
}

public import AttentionTensors
internal import CAttentionKernels

/// What `read` returns: what the queries read, and, for whoever asks, where chosen ones looked.
public struct Reading: Sendable {
    /// [B, H, Q, Dv]: Σ_j weights_ij value_j.
    public let context: Tensor
    private let source: Source

    /// Where weights come from when they are asked for.
    private enum Source: Sendable {
        case kept(Tensor)
        case fused(FusedAttention, logSums: Tensor)
        case paged(PagedAttention, logSums: Tensor)
    }

    /// Whether no weight matrix was ever in memory.
    package var isFused: Bool {
        if case .kept = source { false } else { true }
    }

    init(_ alignment: Alignment) {
        context = alignment.context
        source = .kept(alignment.weights.detached())
    }

    init(_ call: FusedAttention) {
        let result = call.attend()
        context = result.context
        source = .fused(call, logSums: result.logSums)
    }

    init(_ call: PagedAttention) {
        let result = call.attend()
        context = result.context
        source = .paged(call, logSums: result.logSums)
    }

    /// How the attention of these heads and queries is shared among the keys, before dropout: [B, heads, queries, K], in the order
    /// given; nil for all. A constant: gradients flow through `align`.
    ///
    /// After a fused pass the rows are computed again, exactly, from their kept ln Σ exp(score).
    /// - Throws: `ShapeError` if there is no such head or query.
    /// - Complexity: O(KD) for each row asked for.
    public func weights(heads: [Int]? = nil, queries: [Int]? = nil) throws(ShapeError) -> Tensor {
        let (headCount, queryCount) = (context.shape[1], context.shape[2])
        let heads = heads ?? Array(0..<headCount)
        let queries = queries ?? Array(0..<queryCount)
        for (name, indices, count) in [("heads", heads, headCount), ("queries", queries, queryCount)] {
            try require(
                indices.allSatisfy { (0..<count).contains($0) }, "weights", expected: "\(name) below \(count)",
                found: "\(indices)")
        }
        switch source {
        case .kept(let weights): return weights.selecting(heads: heads, queries: queries)
        case .paged(let call, let logSums): return call.weights(heads: heads, queries: queries, logSums: logSums)
        case .fused(let call, let logSums): return call.weights(heads: heads, queries: queries, logSums: logSums)
        }
    }
}

extension FusedAttention {
    fileprivate func weights(heads: [Int], queries: [Int], logSums: Tensor) -> Tensor {
        return Tensor(shape: [batch, heads.count, queries.count, keyCount]) { out in
            withUnits { all in
                Parallel.forEachChunk(
                    of: batch * heads.count * queries.count, grain: grain(headCount: 1, queryCount: 1)
                ) { tasks in
                    for task in tasks {
                        let (row, item) = (task / queries.count, task / queries.count / heads.count)
                        let (head, query) = (heads[row % heads.count], queries[task % queries.count])
                        let unit = all.unit(item: item, head: head).queries(query..<query + 1)
                        withUnsafePointer(to: unit) {
                            let workspace = Scratch(bytes: method.workspace_size($0))
                            method.weights(
                                out + task * keyCount, keyCount, $0,
                                logSums.storage.elements + (item * headCount + head) * queryCount + query,
                                workspace.pointer)
                        }
                    }
                }
            }
        }
    }
}

extension Tensor {
    /// [B, H, Q, K] → [B, heads, queries, K].
    fileprivate func selecting(heads: [Int], queries: [Int]) -> Tensor {
        let keyCount = shape[3]
        return Tensor(shape: [shape[0], heads.count, queries.count, keyCount]) { out in
            withElements { weights in
                for item in 0..<shape[0] {
                    for (i, head) in heads.enumerated() {
                        for (j, query) in queries.enumerated() {
                            let target = ((item * heads.count + i) * queries.count + j) * keyCount
                            let source = ((item * shape[1] + head) * shape[2] + query) * keyCount
                            (out + target).update(from: weights + source, count: keyCount)
                        }
                    }
                }
            }
        }
    }
}

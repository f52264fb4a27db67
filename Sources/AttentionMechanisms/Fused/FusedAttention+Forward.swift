internal import AttentionTensors
internal import CAttentionKernels
internal import Glibc

/// What the forward pass leaves: the context [B, H, Q, Dv], laid out as [B, Q, H, Dv], so that heads can be merged without a copy, and
/// each row's ln Σ exp(score), [B, H, Q].
struct FusedResult: Sendable {
    let context: Tensor
    let logSums: Tensor
}

extension FusedAttention {
    /// Tasks are at least this many, if the work is large; their number knows nothing of threads.
    private static let taskCount = 16

    /// Outside the graph.
    func forward() -> FusedResult {
        if let grouped { return ungrouped(grouped.forward()) }
        let shape: Shape = [batch, queryCount, headCount, v.shape[3]]
        let result = FusedResult(
            context: Tensor(shape: shape) { _ in }.transposed(1, 2),
            logSums: Tensor(shape: [batch, headCount, queryCount]) { _ in })
        let keyParts = min((Self.taskCount + batch * headCount - 1) / (batch * headCount), keyCount / 2048)
        if let sharedSources {
            forward(bySource: sharedSources, into: result)
        } else if queryCount <= method.few_queries, keyParts > 1 {
            forward(byKeys: keyParts, into: result)
        } else {
            forward(into: result)
        }
        return result
    }

    /// One task per key head and part of the queries: it packs the keys once for all heads of the group.
    private func forward(into result: FusedResult) {
        let units = batch * keyHeadCount
        let parts = max(1, min((Self.taskCount + units - 1) / units, queryCount / 448))
        withUnits { all in
            Parallel.forEachChunk(
                of: units * parts, grain: grain(headCount: group, queryCount: queryCount / parts), chunksPerThread: 16
            ) { tasks in
                let whole = all.unit(item: 0, head: 0)
                let workspace = Scratch(bytes: withUnsafePointer(to: whole) { method.workspace_size($0) })
                let packed = Scratch(bytes: withUnsafePointer(to: whole) { method.packed_size($0) })
                for task in tasks {
                    let (item, keyHead) = (task / parts / keyHeadCount, task / parts % keyHeadCount)
                    // The last first, which see most where not all see all: small tasks at the end keep threads even.
                    let range = part(parts - 1 - task % parts, of: parts, queryCount)
                    for head in keyHead * group..<(keyHead + 1) * group {
                        let unit = all.unit(item: item, head: head).queries(range)
                        withUnsafePointer(to: unit) {
                            if head == keyHead * group { method.pack(packed.pointer, $0) }
                            method.forward(
                                result.context.rows(item, head) + range.lowerBound * result.context.strides[2],
                                result.context.strides[2],
                                result.logSums.storage.elements + (item * headCount + head) * queryCount
                                    + range.lowerBound, $0, packed.pointer, workspace.pointer)
                        }
                    }
                }
            }
        }
    }

    /// Few queries over many keys: the keys are split, and what the parts read is weighed by their sums.
    private func forward(byKeys parts: Int, into result: FusedResult) {
        let (units, size) = (batch * headCount, v.shape[3])
        let contexts = Tensor(shape: [units, parts, queryCount, size]) { _ in }
        let logSums = Tensor(shape: [units, parts, queryCount]) { _ in }
        withUnits { all in
            Parallel.forEachChunk(of: units * parts, grain: 1) { tasks in
                for task in tasks {
                    let unit = all.unit(item: task / parts / headCount, head: task / parts % headCount)
                        .keys(part(task % parts, of: parts, keyCount))
                    withUnsafePointer(to: unit) {
                        let workspace = Scratch(bytes: method.workspace_size($0))
                        method.forward(
                            contexts.storage.elements + task * queryCount * size, size,
                            logSums.storage.elements + task * queryCount, $0, nil, workspace.pointer)
                    }
                }
            }
        }
        for unit in 0..<units {
            for query in 0..<queryCount {
                let rows = (0..<parts).map { (unit * parts + $0) * queryCount + query }
                let out = result.context.rows(unit / headCount, unit % headCount) + query * result.context.strides[2]
                result.logSums.storage.elements[unit * queryCount + query] = mergeParts(
                    rows, contexts.storage.elements, logSums.storage.elements, size: size, into: out)
            }
        }
    }
}

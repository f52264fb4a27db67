internal import AttentionTensors
internal import CAttentionKernels

/// The table of combinations that one kernel computes without a weight matrix in memory: inner products, a region that is a band,
/// softmax. Everything else goes the generic way, with the same meaning.
///
/// *Source:* Dao et al. 2022, *FlashAttention*, algorithm 1: the running maximum and sum; the backward pass recomputes the weights from
/// each row's log-sum-exp.
struct FusedAttention {
    private let scale: Float
    private let band: Band

    /// The kernel for these parts, or nil if there is none.
    init?(score: any Score, region: Region, normalizer: any Normalizer, query: Tensor, memory: Memory) {
        guard normalizer.isPlainSoftmax, let scale = score.innerProductScale(size: query.shape[3]),
            let band = region.band, query.shape[2] > 0, memory.keyCount > 0
        else { return nil }
        self.scale = scale
        self.band = band
    }

    /// The context [B, H, Q, Dv], laid out as [B, Q, H, Dv], so that heads can be merged without a copy.
    func attend(_ query: Tensor, _ memory: Memory, dropout: Float, training key: RandomKey?) -> Tensor {
        let (q, k, v) = (query.withDenseRows(), memory.keys.withDenseRows(), memory.values.withDenseRows())
        let (batch, heads, queries, valueSize) = (q.shape[0], q.shape[1], q.shape[2], v.shape[3])
        let group = heads / k.shape[1]
        let call = Call(scale: scale, band: band, lengths: memory.lengths, dropout: key == nil ? 0 : dropout, key: key)
        let logSums = Tensor(shape: [batch, heads, queries]) { _ in }
        let rows = Tensor(shape: [batch, queries, heads, valueSize]) { out in
            let whole = call.unit(q, k, v, item: 0, head: 0, group: group)
            Parallel.forEachChunk(of: batch * heads, grain: call.grain(whole)) { range in
                let scratch = withUnsafePointer(to: whole) { Scratch(bytes: kernels.attention_workspace_size($0)) }
                for index in range {
                    let (item, head) = (index / heads, index % heads)
                    let unit = call.unit(q, k, v, item: item, head: head, group: group)
                    withUnsafePointer(to: unit) {
                        kernels.attention(
                            out + (item * queries * heads + head) * valueSize, heads * valueSize,
                            logSums.storage.elements + index * queries, $0, scratch.pointer)
                    }
                }
            }
        }
        let context = rows.transposed(1, 2)
        return context.derived(from: query, memory.keys, memory.values) { upstream, gradients in
            let derivative = call.backward(q, k, v, output: context, logSums: logSums, upstream: upstream)
            gradients.add(derivative.query, to: query)
            gradients.add(derivative.keys, to: memory.keys)
            gradients.add(derivative.values, to: memory.values)
        }
    }
}

extension FusedAttention {
    /// What all units (one head of one item) of a call share.
    private struct Call: Sendable {
        let scale: Float
        let band: Band
        let lengths: [Int]?
        let dropout: Float
        let key: RandomKey?

        /// The kernel's description of one unit. The tensors outlive the call, since the closures around it hold them.
        func unit(_ q: Tensor, _ k: Tensor, _ v: Tensor, item: Int, head: Int, group: Int) -> attn_attention {
            attn_attention(
                queries: q.shape[2], keys: k.shape[2], head_size: q.shape[3], value_size: v.shape[3],
                query: q.rows(item, head), key: k.rows(item, head / group), value: v.rows(item, head / group),
                query_stride: q.strides[2], key_stride: k.strides[2], value_stride: v.strides[2],
                visible_keys: lengths?[item] ?? k.shape[2], offset: band.offset, left: band.left ?? .max,
                right: band.right ?? .max, scale: scale, dropout: dropout, dropout_seed: key?.seed ?? 0,
                dropout_base: UInt64((item * q.shape[1] + head) * q.shape[2] * k.shape[2]))
        }

        /// Units that a thread takes at least.
        func grain(_ unit: attn_attention) -> Int {
            max(1, (1 << 16) / max(1, unit.queries * unit.keys * (unit.head_size + unit.value_size)))
        }

        func backward(
            _ q: Tensor, _ k: Tensor, _ v: Tensor, output: Tensor, logSums: Tensor, upstream: Tensor
        ) -> (query: Tensor, keys: Tensor, values: Tensor) {
            let (batch, heads, queries) = (q.shape[0], q.shape[1], q.shape[2])
            let group = heads / k.shape[1]
            let upstream = upstream.withDenseRows()
            let (dq, dk, dv) = (Tensor.zerosByRow(like: q), Tensor.zerosByRow(like: k), Tensor.zerosByRow(like: v))
            let whole = unit(q, k, v, item: 0, head: 0, group: group)
            // Query heads that share a key head add to the same gradient, so one thread takes them all.
            Parallel.forEachChunk(of: batch * k.shape[1], grain: grain(whole)) { range in
                let scratch = withUnsafePointer(to: whole) { Scratch(bytes: kernels.attention_workspace_size($0)) }
                for index in range {
                    let (item, keyHead) = (index / k.shape[1], index % k.shape[1])
                    for head in keyHead * group..<(keyHead + 1) * group {
                        let unit = unit(q, k, v, item: item, head: head, group: group)
                        withUnsafePointer(to: unit) {
                            kernels.attention_backward(
                                dq.rows(item, head), dq.strides[2], dk.rows(item, keyHead), dk.strides[2],
                                dv.rows(item, keyHead), dv.strides[2], $0, output.rows(item, head), output.strides[2],
                                logSums.storage.elements + (item * heads + head) * queries, upstream.rows(item, head),
                                upstream.strides[2], scratch.pointer)
                        }
                    }
                }
            }
            return (dq, dk, dv)
        }
    }
}

extension Tensor {
    /// The same values with every row along the last axis dense; itself if they already are.
    fileprivate func withDenseRows() -> Tensor {
        (strides[3] == 1 || shape[3] == 1 ? self : copied()).detached()
    }

    /// Where the rows of one head of one item begin.
    fileprivate func rows(_ item: Int, _ head: Int) -> UnsafeMutablePointer<Float> {
        storage.elements + offset + item * strides[0] + head * strides[1]
    }

    /// Zeros of this shape [B, H, L, D] laid out as [B, L, H, D], as the projections that made them are.
    fileprivate static func zerosByRow(like tensor: Tensor) -> Tensor {
        let shape = tensor.shape
        return Tensor.zeros([shape[0], shape[2], shape[1], shape[3]]).transposed(1, 2)
    }
}

internal import AttentionTensors
internal import CAttentionKernels

extension FusedAttention {
    /// Kernels' descriptions of units: one head of one item each.
    struct Units {
        let call: FusedAttention
        let mask: UnsafePointer<UInt8>?

        /// The tensors outlive the description, since the call holds them.
        func unit(item: Int, head: Int) -> attn_attention {
            let (q, k, v, band) = (call.q, call.k, call.v, call.band)
            let keyHead = head / call.group
            let size = call.queryCount * call.keyCount
            return attn_attention(
                queries: call.queryCount, keys: call.keyCount, head_size: q.shape[3], value_size: v.shape[3],
                query: q.rows(item, head), key: k.rows(item, keyHead), value: v.rows(item, keyHead),
                query_stride: q.strides[2], key_stride: k.strides[2], value_stride: v.strides[2],
                visible_keys: call.lengths?[item] ?? call.keyCount, offset: band.offset, left: band.left ?? .max,
                right: band.right ?? .max, mask: mask.map { $0 + maskOffset(item, head) }, mask_stride: maskRowStride,
                scale: call.scale, cap: call.cap, bias: call.bias.map { UnsafePointer($0.rows(item, head)) },
                bias_stride: call.bias.map { $0.shape[2] == 1 ? 0 : $0.strides[2] } ?? 0,
                distance_bias: call.distanceBias.map { UnsafePointer($0.diagonal(head, queryCount: call.queryCount)) },
                dropout: call.dropout, dropout_seed: call.key?.seed ?? 0,
                dropout_base: UInt64((item * call.headCount + head) * size), dropout_stride: call.keyCount)
        }

        private func maskOffset(_ item: Int, _ head: Int) -> Int {
            guard let shape = call.mask?.shape else { return 0 }
            let block = shape[2] * shape[3]
            return (shape[0] == 1 ? 0 : item * shape[1] * block) + (shape[1] == 1 ? 0 : head * block)
        }

        private var maskRowStride: Int { call.mask.map { $0.shape[2] == 1 ? 0 : $0.shape[3] } ?? 0 }
    }

    /// Units that a thread takes at least, if each has this many queries.
    func grain(headCount: Int, queryCount: Int) -> Int {
        let work = headCount * queryCount * keyCount * (q.shape[3] + v.shape[3] + 1)
        return max(1, (1 << 17) / max(work, 1))
    }
}

extension attn_attention {
    /// The same for some of the queries.
    func queries(_ range: Range<Int>) -> attn_attention {
        let first = range.lowerBound
        var part = self
        part.queries = range.count
        part.query += first * query_stride
        part.offset += first
        part.mask = mask.map { $0 + first * mask_stride }
        part.bias = bias.map { $0 + first * bias_stride }
        part.distance_bias = distance_bias.map { $0 - first }
        part.dropout_base += UInt64(first * dropout_stride)
        return part
    }

    /// The same for some of the keys.
    func keys(_ range: Range<Int>) -> attn_attention {
        let first = range.lowerBound
        var part = self
        part.keys = range.count
        part.visible_keys = max(0, visible_keys - first)
        part.key += first * key_stride
        part.value += first * value_stride
        part.offset -= first
        part.mask = mask.map { $0 + first }
        part.bias = bias.map { $0 + first }
        part.distance_bias = distance_bias.map { $0 + first }
        part.dropout_base += UInt64(first)
        return part
    }
}

extension Tensor {
    /// Where the entry for j = i stands in the row of a head, for a bias [H or 1, Q + K − 1].
    func diagonal(_ head: Int, queryCount: Int) -> UnsafeMutablePointer<Float> {
        storage.elements + offset + (shape[0] == 1 ? 0 : head * strides[0]) + queryCount - 1
    }
}

/// Part `index` of `count` even parts of 0..<n.
func part(_ index: Int, of count: Int, _ n: Int) -> Range<Int> { n * index / count..<n * (index + 1) / count }

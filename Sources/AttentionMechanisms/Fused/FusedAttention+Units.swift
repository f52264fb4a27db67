internal import AttentionTensors
internal import CAttentionKernels

extension FusedAttention {
    /// Kernels' descriptions of units: one head of one item each.
    struct Units {
        let call: FusedAttention
        let mask: UnsafePointer<UInt8>?

        /// The tensors outlive the description, since the call holds them.
        func unit(item: Int, head: Int) -> attn_attention {
            var unit = call.scores.unit(
                item, head, query: call.q, keys: call.keyRows(item, head / call.group), mask: mask)
            unit.dropout = call.dropout
            unit.dropout_seed = call.key?.seed ?? 0
            unit.dropout_base = UInt64((item * call.headCount + head) * call.queryCount * call.keyCount)
            unit.dropout_stride = call.keyCount
            return unit
        }
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
        var part = placed(at: first)
        part.keys = range.count
        part.visible_keys = max(0, visible_keys - first)
        part.key += first * key_stride
        part.value += first * value_stride
        return part
    }

    /// The same for keys of which the first stands at this place: keys and values stay, what is said of places moves.
    func placed(at first: Int) -> attn_attention {
        var part = self
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

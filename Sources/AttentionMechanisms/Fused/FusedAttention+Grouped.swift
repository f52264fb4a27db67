internal import AttentionTensors

extension FusedAttention {
    /// One query a head, as in decoding: heads that share keys see the same of them, so they are queries of one head, and the keys are
    /// read once for all. Nil where that does not hold.
    var grouped: FusedAttention? {
        guard queryCount == 1, group > 1, scores.isPlain, dropout == 0, let band = scores.bands.shared else {
            return nil
        }
        let (first, end) = (max(0, band.lowest ?? 0), min(keyCount, band.highest.map { $0 + 1 } ?? keyCount))
        guard first < end else { return nil }
        let visible = first..<end
        var call = self
        call.q = Tensor(
            shape: [batch, keyHeadCount, group, q.shape[3]],
            strides: [q.strides[0], group * q.strides[1], q.strides[1], q.strides[3]], offset: q.offset,
            storage: q.storage)
        call.k = k.keys(visible)
        call.v = v.keys(visible)
        call.lengths = lengths?.map { min($0, visible.upperBound) - min($0, visible.lowerBound) }
        call.scores.bands = .everywhere
        return call
    }

    /// The result of the grouped call as that of this one.
    func ungrouped(_ result: FusedResult) -> FusedResult {
        let rows = result.context.copied()  // [B, Hkv, group, Dv]
        return FusedResult(
            context: rows.viewed(as: [batch, headCount, 1, v.shape[3]]),
            logSums: result.logSums.viewed(as: [batch, headCount, 1]))
    }
}

extension Tensor {
    /// The part of [B, H, K, D] that these keys are.
    fileprivate func keys(_ range: Range<Int>) -> Tensor {
        Tensor(
            shape: [shape[0], shape[1], range.count, shape[3]], strides: strides,
            offset: offset + range.lowerBound * strides[2], storage: storage)
    }
}

public import AttentionTensors

extension KeyValueCache {
    /// All keys side by side, [R, H, K, D]; zeros behind the end of a row and where pages were dropped.
    /// - Complexity: O(RHKD).
    public var keys: Tensor { gathered(.keys, keyShape) }

    /// All values side by side, [R, H, K, Dv]; zeros as for `keys`.
    /// - Complexity: O(RHKDv).
    public var values: Tensor { gathered(.values, valueShape) }

    private func gathered(_ part: CachePage.Part, _ shape: Shape) -> Tensor {
        let (heads, keyCount, size) = (shape[1], shape[2], shape[3])
        return Tensor(shape: shape) { out in
            Parallel.forEachChunk(of: rowCount * heads, grain: max(1, (1 << 15) / max(1, keyCount * size))) { range in
                for index in range {
                    let (row, head) = (rows[index / heads], index % heads)
                    let target = out + index * keyCount * size
                    target.update(repeating: 0, count: keyCount * size)
                    for stretch in row.stretches(of: 0..<row.length, pageLength) {
                        stretch.page.read(
                            part, head: head, stretch.slots, into: target + stretch.positions.lowerBound * size)
                    }
                }
            }
        }
    }

    /// The positions that are remembered, [R, 1, 1, K]; nil if none was dropped.
    var remembered: Mask? {
        guard rows.contains(where: { $0.pages.contains { $0 == nil } }) else { return nil }
        let keyCount = keyCount
        return Mask(
            shape: [rowCount, 1, 1, keyCount],
            bytes: rows.flatMap { row in
                (0..<keyCount).map { j in j / pageLength < row.pages.count && row.pages[j / pageLength] == nil ? 0 : 1 }
            })
    }
}

/// Consecutive positions of a row that lie in one page.
struct PageStretch {
    let page: CachePage
    let positions: Range<Int>
    let slots: Range<Int>
}

extension KeyValueCache.Row {
    /// The pages that hold these positions, without those that were dropped.
    func stretches(of positions: Range<Int>, _ pageLength: Int) -> [PageStretch] {
        guard !positions.isEmpty else { return [] }
        return (positions.lowerBound / pageLength...(positions.upperBound - 1) / pageLength).compactMap { index in
            guard let page = pages[index] else { return nil }
            let part = positions.clamped(to: index * pageLength..<(index + 1) * pageLength)
            return PageStretch(
                page: page, positions: part,
                slots: part.lowerBound - index * pageLength..<part.upperBound - index * pageLength)
        }
    }
}

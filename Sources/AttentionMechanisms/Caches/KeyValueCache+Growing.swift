public import AttentionTensors

extension KeyValueCache {
    /// Adds keys [R, H, T, D], as the score compares them, and values [R, H, T, Dv] behind each row: of row r the first `counts[r]`, all T if
    /// nil. `AttentionMechanism.remember(keys:values:counts:in:)` prepares them.
    /// - Throws: `ShapeError` if the shapes do not fit the cache or each other.
    /// - Complexity: O(RHT(D + Dv)); a page that is shared is copied once more, up to what it holds.
    public mutating func append(
        preparedKeys keys: Tensor, values: Tensor, counts: [Int]? = nil
    ) throws(ShapeError) {
        let layout = try checkedLayout(keys, values)
        let counts = counts ?? [Int](repeating: keys.shape[2], count: rowCount)
        try require(
            counts.count == rowCount && counts.allSatisfy { (0...keys.shape[2]).contains($0) }, "append",
            expected: "\(rowCount) counts of at most \(keys.shape[2])", found: "\(counts)")
        self.layout = layout
        let (keys, values) = (keys.withDenseRows(), values.withDenseRows())
        for (item, count) in counts.enumerated() {
            if let window { rows[item].drop(before: rows[item].length - window.size + 1, window, pageLength) }
            rows[item].append(count, layout) { page, slots, first in
                for head in 0..<layout.headCount {
                    let (keyStride, valueStride) = (keys.strides[2], values.strides[2])
                    page.write(
                        .keys, head: head, slot: slots.lowerBound, from: keys.rows(item, head) + first * keyStride,
                        stride: keyStride, count: slots.count)
                    page.write(
                        .values, head: head, slot: slots.lowerBound,
                        from: values.rows(item, head) + first * valueStride, stride: valueStride, count: slots.count)
                }
            }
        }
    }

    /// Takes back what stands behind these lengths, one for each row: a speculation that did not hold.
    /// - Throws: `ShapeError` if a row is shorter, or what the next query would look at was dropped already.
    /// - Complexity: O(pages).
    public mutating func truncate(to lengths: [Int]) throws(ShapeError) {
        try require(
            lengths.count == rowCount && zip(lengths, rows).allSatisfy { (0...$1.length).contains($0) }, "truncate",
            expected: "\(rowCount) lengths of at most \(self.lengths)", found: "\(lengths)")
        if let window {
            for (row, length) in zip(rows, lengths) {
                let needed = max(0, length - window.size + 1) / pageLength..<(length + pageLength - 1) / pageLength
                try require(
                    row.pages[needed].allSatisfy { $0 != nil }, "truncate",
                    expected: "a length whose last \(window.size) positions are remembered", found: "\(length)")
            }
        }
        for (item, length) in lengths.enumerated() where length < rows[item].length {
            rows[item].length = length
            let count = (length + pageLength - 1) / pageLength
            rows[item].pages.removeSubrange(count...)
        }
    }

    private func checkedLayout(_ keys: Tensor, _ values: Tensor) throws(ShapeError) -> PageLayout {
        guard keys.shape.rank == 4, keys.shape[0] == rowCount, values.shape.rank == 4,
            keys.shape.dimensions.dropLast() == values.shape.dimensions.dropLast()
        else {
            throw ShapeError(
                "append", expected: "keys [\(rowCount), H, T, D] and values [\(rowCount), H, T, Dv]",
                found: "\(keys.shape) and \(values.shape)")
        }
        let found = PageLayout(
            headCount: keys.shape[1], keySize: keys.shape[3], valueSize: values.shape[3], length: pageLength,
            format: format)
        guard let layout, layout != found else { return found }
        throw ShapeError(
            "append",
            expected: "\(layout.headCount) heads of \(layout.keySize) and \(layout.valueSize), as remembered before",
            found: "\(keys.shape) and \(values.shape)")
    }
}

extension KeyValueCache.Row {
    /// Makes room for `count` positions and lets `write` fill it: the page, its slots, and the number of the first position among the new.
    fileprivate mutating func append(
        _ count: Int, _ layout: PageLayout, _ write: (CachePage, _ slots: Range<Int>, _ first: Int) -> Void
    ) {
        var first = 0
        while first < count {
            let slot = length % layout.length
            if slot == 0 { pages.append(CachePage(layout)) }
            let last = pages.count - 1
            if !isKnownUniquelyReferenced(&pages[last]), let shared = pages[last] {
                pages[last] = CachePage(copying: shared, count: slot)
            }
            let slots = slot..<min(layout.length, slot + count - first)
            if let page = pages[last] { write(page, slots, first) }
            first += slots.count
            length += slots.count
        }
    }

    /// Gives back the pages that lie wholly before this position and behind the sinks.
    fileprivate mutating func drop(before position: Int, _ window: CacheWindow, _ pageLength: Int) {
        let end = min(max(0, position) / pageLength, pages.count)
        let first = (window.sinks + pageLength - 1) / pageLength
        var index = end - 1
        // What lies before a dropped page was dropped with it.
        while index >= first, pages[index] != nil {
            pages[index] = nil
            index -= 1
        }
    }
}

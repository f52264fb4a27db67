extension BPE {
    /// A piece in a chain that shrinks as neighbours merge.
    private struct Link {
        var id: Int32
        let start: Int32
        var end: Int32
        var previous: Int
        var next: Int
    }

    /// Merges neighbours, the earliest learnt pair first and the leftmost among equals.
    ///
    /// - Parameter skipping: asked whenever a merge is next; one that is skipped may be taken after another merge, which is
    ///   what BPE dropout does (Provilkov, Emelianenko and Voita 2020, algorithm 1).
    /// - Complexity: O(n log n) in the number of pieces, if few merges are skipped.
    func merged(_ pieces: [Subword], skipping: () -> Bool = { false }) -> [Subword] {
        guard pieces.count > 1, merges.count > 0 else { return pieces }
        var chain = pieces.indices.map { index in
            Link(
                id: pieces[index].id, start: pieces[index].start, end: pieces[index].end,
                previous: index - 1, next: index + 1)
        }
        var queue = PriorityQueue<UInt64>()
        for index in 0..<chain.count - 1 { enqueue(index, in: chain, &queue) }
        var skipped: [UInt64] = []
        while let candidate = queue.popSmallest() {
            if skipping() {
                skipped.append(candidate)
                continue
            }
            for candidate in skipped { queue.insert(candidate) }
            skipped.removeAll(keepingCapacity: true)
            let left = Int(candidate & 0xFFFF_FFFF)
            let right = chain[left].next
            // Either neighbour may have merged since; then the chain no longer holds the pair that was queued.
            guard chain[left].id >= 0, right < chain.count,
                let merge = merges[chain[left].id, chain[right].id], merge.rank == candidate >> 32
            else { continue }
            chain[left].id = merge.id
            chain[left].end = chain[right].end
            chain[left].next = chain[right].next
            chain[right].id = -1
            if chain[left].next < chain.count {
                chain[chain[left].next].previous = left
                enqueue(left, in: chain, &queue)
            }
            if chain[left].previous >= 0 { enqueue(chain[left].previous, in: chain, &queue) }
        }
        return chain.filter { $0.id >= 0 }.map { Subword(id: Int($0.id), start: Int($0.start), end: Int($0.end)) }
    }

    /// Queues the pair that begins at `index`, if it can merge: smaller rank first, then smaller position.
    private func enqueue(_ index: Int, in chain: [Link], _ queue: inout PriorityQueue<UInt64>) {
        let next = chain[index].next
        guard let merge = merges[chain[index].id, chain[next].id] else { return }
        queue.insert(UInt64(merge.rank) << 32 | UInt64(index))
    }
}

import AttentionTensors

/// Memories side by side, none of them joined itself: sources of different lengths, read together by queries of which each looks at its own.
struct JoinedMemories: Sendable {
    /// At least one.
    let parts: [Memory]
    /// The items of each part.
    private let items: [Range<Int>]

    init(_ parts: [Memory]) {
        self.parts = parts
        items = parts.reduce(into: []) { items, part in
            let first = items.last?.upperBound ?? 0
            items.append(first..<first + part.itemCount)
        }
    }

    /// B.
    private var itemCount: Int { items.last?.upperBound ?? 0 }

    /// K of the longest.
    private var keyCount: Int { parts.reduce(0) { max($0, $1.keyCount) } }

    // MARK: By parts

    /// What each part gives its own of queries [B, H, Q, D], the parts beside one another.
    /// - Throws: `ShapeError` if the shapes do not fit; what `read` throws.
    func map<Result>(
        _ query: Tensor, _ positions: Positions,
        _ read: (Tensor, Memory, Positions) throws(ShapeError) -> Result
    ) throws(ShapeError) -> [Result] {
        try require(
            query.shape.rank == 4 && query.shape[0] == itemCount, "attend",
            expected: "queries [\(itemCount), H, Q, D]", found: "\(query.shape)")
        do {
            return try Parallel.map(parts.count) { part in
                let own = items[part]
                return try read(
                    try query.sliced(axis: 0, own), parts[part], try positions.selecting(Array(own)))
            }
        } catch let error as ShapeError { throw error } catch {
            throw ShapeError("attend", expected: "memories that can be read", found: "\(error)")
        }
    }

    /// Weights of each part [b, H, Q, k], of all of them [B, H, Q, K].
    func together(weights: [Tensor]) throws(ShapeError) -> Tensor {
        var filled: [Tensor] = []
        for (part, own) in zip(parts, weights) {
            filled.append(try own.padded(axis: 3, before: 0, after: keyCount - part.keyCount))
        }
        return try concatenated(filled, axis: 0)
    }

    /// The parts of which these items are, with those that are wanted.
    func selecting(_ chosen: [Int]) throws(ShapeError) -> [Memory] {
        var stretches: [(part: Int, rows: [Int])] = chosen.isEmpty ? [(0, [])] : []
        for item in chosen {
            guard let part = items.firstIndex(where: { $0.contains(item) }) else {
                throw ShapeError("selecting", expected: "items below \(itemCount)", found: "\(item)")
            }
            if stretches.last?.part != part { stretches.append((part, [])) }
            stretches[stretches.count - 1].rows.append(item - items[part].lowerBound)
        }
        var selected: [Memory] = []
        for (part, rows) in stretches { selected.append(try parts[part].selecting(rows)) }
        return selected
    }

    func gathered() throws(ShapeError) -> JoinedMemories {
        var gathered: [Memory] = []
        for part in parts { gathered.append(try part.gathered()) }
        return JoinedMemories(gathered)
    }

    // MARK: As a whole

    /// [B, H, K, D] of shapes [b, H, k, D].
    func shape(_ shape: (Memory) -> Shape) -> Shape {
        let first = shape(parts[0])
        return [itemCount, first[1], keyCount, first[3]]
    }

    /// [B, H, K, D] of tensors [b, H, k, D], zeros behind the shorter ones.
    func together(_ tensor: (Memory) -> Tensor) -> Tensor {
        do {
            var filled: [Tensor] = []
            for part in parts {
                filled.append(try tensor(part).padded(axis: 2, before: 0, after: keyCount - part.keyCount))
            }
            return try concatenated(filled, axis: 0)
        } catch { preconditionFailure("shapes were compared when the memories were joined") }
    }

    /// As `Memory.lengths`.
    var lengths: [Int]? {
        guard parts.contains(where: { $0.lengths != nil || $0.keyCount < keyCount }) else { return nil }
        return parts.flatMap { $0.lengths ?? [Int](repeating: $0.keyCount, count: $0.itemCount) }
    }

    /// The keys that can be seen besides the padding, [B, 1, 1, K]; nil when these are all.
    var shownKeys: Mask? {
        guard parts.contains(where: { $0.remembered != nil }) else { return nil }
        var bytes: [UInt8] = []
        for part in parts {
            let (count, shown) = (part.keyCount, part.remembered?.bytes)
            for item in 0..<part.itemCount {
                bytes += shown?[item * count..<(item + 1) * count] ?? ArraySlice(repeating: 1, count: count)
                bytes += [UInt8](repeating: 0, count: keyCount - count)
            }
        }
        return Mask(shape: [itemCount, 1, 1, keyCount], bytes: bytes)
    }
}

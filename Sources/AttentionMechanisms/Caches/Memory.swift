public import AttentionTensors

/// What a query may look at: keys, prepared once for the score that compares them, and the values read through them.
///
/// Bahdanau's projected annotations and a Transformer's key–value cache are both this: a memory is a view of tensors that were prepared
/// together, or of a `KeyValueCache` that grows. Padding belongs here, since it is a property of the data; where a query may look
/// otherwise is the mechanism's scope.
public struct Memory: Sendable {
    private enum Content: Sendable {
        case prepared(PreparedPairs)
        case cached(KeyValueCache)
        case joined(JoinedMemories)
    }

    private let content: Content

    /// A memory of prepared keys [B, H, K, D] and values [B, H, K, Dv]; `AttentionMechanism.remember` prepares them.
    /// - Throws: `ShapeError` unless keys and values agree in all but their last size, and lengths with the batch.
    public init(preparedKeys keys: Tensor, values: Tensor, lengths: [Int]? = nil) throws(ShapeError) {
        guard keys.shape.rank == 4, values.shape.rank == 4,
            keys.shape.dimensions.dropLast() == values.shape.dimensions.dropLast()
        else {
            throw ShapeError(
                "Memory", expected: "keys [B, H, K, D] and values [B, H, K, Dv]",
                found: "\(keys.shape) and \(values.shape)")
        }
        if let lengths, lengths.count != keys.shape[0] || lengths.contains(where: { $0 < 0 || $0 > keys.shape[2] }) {
            throw ShapeError(
                "Memory", expected: "\(keys.shape[0]) lengths of at most \(keys.shape[2])", found: "\(lengths)")
        }
        content = .prepared(PreparedPairs(keys: keys, values: values, lengths: lengths, shown: nil, rows: nil))
    }

    /// What a cache holds now. Attention reads its pages where they lie; the view lets the cache grow in place again once it is gone.
    public init(_ cache: KeyValueCache) { content = .cached(cache) }

    private init(_ pairs: PreparedPairs) { content = .prepared(pairs) }

    private init(_ joined: JoinedMemories) { content = .joined(joined) }

    /// The items of all these side by side, each read where it lies: with its own padding and no other, and so bit for bit as if it were alone.
    ///
    /// ```swift
    /// let both = try Memory.joining([short, long])
    /// let read = try mechanism.attend(queries, both)      // as of each, one behind the other
    /// ```
    /// - Throws: `ShapeError` if there are none, or they are not of as many heads of the same sizes.
    /// - Complexity: O(memories). Tensors of all keys or values together, or of all weights, are filled up to the longest and cost O(BHKD).
    public static func joining(_ memories: [Memory]) throws(ShapeError) -> Memory {
        guard let first = memories.first else {
            throw ShapeError("joining", expected: "at least one memory", found: "none")
        }
        guard memories.allSatisfy({ $0.itemShape == first.itemShape }) else {
            throw ShapeError(
                "joining", expected: "memories of as many heads of one size",
                found: "\(memories.map { "\($0.keyShape) and \($0.valueShape)" })")
        }
        let parts = memories.flatMap { $0.joined?.parts ?? [$0] }.filter { $0.itemCount > 0 }
        return parts.count > 1 ? Memory(JoinedMemories(parts)) : parts.first ?? first
    }

    /// B.
    var itemCount: Int { keyShape[0] }

    /// H, D and Dv.
    private var itemShape: [Int] { [keyShape[1], keyShape[3], valueShape[3]] }

    /// [B, H, K, D]: the keys as the score transforms them.
    /// - Complexity: O(1), or O(BHKD) for a cache and for selected items, whose keys are brought together.
    public var keys: Tensor {
        switch content {
        case .prepared(let pairs): pairs.gathered(pairs.keys)
        case .cached(let cache): cache.keys
        case .joined(let joined): joined.together(\.keys)
        }
    }

    /// [B, H, K, Dv].
    /// - Complexity: as for `keys`.
    public var values: Tensor {
        switch content {
        case .prepared(let pairs): pairs.gathered(pairs.values)
        case .cached(let cache): cache.values
        case .joined(let joined): joined.together(\.values)
        }
    }

    /// How many keys of each item are real; nil when all are.
    public var lengths: [Int]? {
        switch content {
        case .prepared(let pairs): pairs.lengths.map { lengths in pairs.rows.map { $0.map { lengths[$0] } } ?? lengths }
        case .cached(let cache): cache.lengths.allSatisfy { $0 == cache.keyCount } ? nil : cache.lengths
        case .joined(let joined): joined.lengths
        }
    }

    /// [B, H, K, D], the shape of `keys`.
    public var keyShape: Shape {
        switch content {
        case .prepared(let pairs): pairs.shape(of: pairs.keys)
        case .cached(let cache): cache.keyShape
        case .joined(let joined): joined.shape(\.keyShape)
        }
    }

    /// [B, H, K, Dv], the shape of `values`.
    public var valueShape: Shape {
        switch content {
        case .prepared(let pairs): pairs.shape(of: pairs.values)
        case .cached(let cache): cache.valueShape
        case .joined(let joined): joined.shape(\.valueShape)
        }
    }

    /// The number of keys, padding included.
    public var keyCount: Int { keyShape[2] }

    /// The cache that this is a view of, if it is one.
    var cache: KeyValueCache? {
        if case .cached(let cache) = content { cache } else { nil }
    }

    /// The tensors that this is a view of, if it is one.
    var pairs: PreparedPairs? {
        if case .prepared(let pairs) = content { pairs } else { nil }
    }

    /// The memories that this was joined of, if it was.
    var joined: JoinedMemories? {
        if case .joined(let joined) = content { joined } else { nil }
    }

    /// The same memory in which only the keys that a mask [B, K] admits can be seen: padding before the real keys, or holes among them.
    /// Keys and values that nobody sees must be numbers, too.
    /// - Throws: `ShapeError` unless the mask is [B, K]; what a cache remembers is a matter of its own.
    public func restricted(to mask: Mask) throws(ShapeError) -> Memory {
        guard case .prepared(let pairs) = content, pairs.rows == nil, mask.shape == [keyShape[0], keyCount] else {
            throw ShapeError(
                "restricted", expected: "a mask [\(keyShape[0]), \(keyCount)] for keys that were just prepared",
                found: "\(mask.shape)")
        }
        return Memory(
            PreparedPairs(keys: pairs.keys, values: pairs.values, lengths: pairs.lengths, shown: mask, rows: nil))
    }

    /// The keys that can be seen besides the padding, [B, 1, 1, K]: those of a cache that were not dropped, or those that this memory was
    /// restricted to; nil when these are all.
    var remembered: Mask? {
        switch content {
        case .prepared(let pairs): pairs.shownKeys
        case .cached(let cache): cache.remembered
        case .joined(let joined): joined.shownKeys
        }
    }

    /// The keys that are not padding, [B, 1, 1, K]; nil when all are real.
    package var realKeys: Mask? {
        lengths.map { lengths in
            Mask(
                shape: [lengths.count, 1, 1, keyCount],
                bytes: lengths.flatMap { length in (0..<keyCount).map { $0 < length ? 1 : 0 } })
        }
    }

    /// The memories of these items of the batch, in this order. Nothing is copied: items that share a source are read where it lies.
    /// - Throws: `ShapeError` if there is no such item.
    /// - Complexity: O(B).
    public func selecting(_ rows: [Int]) throws(ShapeError) -> Memory {
        switch content {
        case .prepared(let pairs): Memory(try pairs.selecting(rows))
        case .cached(let cache): Memory(try cache.selecting(rows))
        case .joined(let joined): try .joining(try joined.selecting(rows))
        }
    }

    /// The memory of consecutive items by themselves, with the first `keyCount` keys of each: as they are when no longer ones were prepared with them. A
    /// copy outside the graph, so that nothing of the other items is held.
    /// - Throws: `ShapeError` unless there are such items and keys; what grows, was selected or was joined is a matter of its own.
    /// - Complexity: O(bHk(D + Dv)) for b items and k keys.
    package func parted(_ items: Range<Int>, keyCount: Int) throws(ShapeError) -> Memory {
        guard case .prepared(let pairs) = content, pairs.rows == nil else {
            throw ShapeError("parted", expected: "keys that were just prepared", found: "others")
        }
        return Memory(try pairs.parted(items, keyCount: keyCount))
    }

    /// The same memory with keys and values side by side in tensors, one item after the other; of one that was joined, the items of each part.
    /// - Complexity: O(1) if they are, else O(BHK(D + Dv)).
    public func gathered() throws(ShapeError) -> Memory {
        if let joined { return Memory(try joined.gathered()) }
        if let pairs, pairs.rows == nil { return self }
        let gathered = try Memory(preparedKeys: keys, values: values, lengths: lengths)
        guard let pairs, let shown = pairs.shownKeys else { return gathered }
        return try gathered.restricted(to: Mask(shape: [keyShape[0], keyCount], bytes: shown.bytes))
    }
}

/// Keys and values in tensors, and which of their items the items of the batch are.
struct PreparedPairs: Sendable {
    /// [S, H, K, D].
    let keys: Tensor
    /// [S, H, K, Dv].
    let values: Tensor
    /// S of them; nil when all keys are real.
    let lengths: [Int]?
    /// [S, K]: the keys that can be seen; nil for all.
    let shown: Mask?
    /// The item of the tensors that each item of the batch reads; nil: its own.
    let rows: [Int]?

    /// B.
    private var rowCount: Int { rows?.count ?? keys.shape[0] }

    func shape(of x: Tensor) -> Shape { Shape([rowCount] + x.shape.dimensions.dropFirst()) }

    /// [S, …] → [B, …]. In the graph.
    func gathered(_ x: Tensor) -> Tensor {
        guard let rows else { return x }
        do { return try x.selecting(rows) } catch { preconditionFailure("rows were checked when they were selected") }
    }

    /// [B, 1, 1, K].
    var shownKeys: Mask? {
        shown.map { shown in
            let count = shown.shape[1]
            let bytes = rows.map { $0.flatMap { shown.bytes[$0 * count..<($0 + 1) * count] } } ?? shown.bytes
            return Mask(shape: [rowCount, 1, 1, count], bytes: bytes)
        }
    }

    func selecting(_ chosen: [Int]) throws(ShapeError) -> PreparedPairs {
        if let outside = chosen.first(where: { !(0..<rowCount).contains($0) }) {
            throw ShapeError("selecting", expected: "items below \(rowCount)", found: "\(outside)")
        }
        let read = chosen.map { rows?[$0] ?? $0 }
        let isWhole = read.elementsEqual(0..<keys.shape[0])
        return PreparedPairs(
            keys: keys, values: values, lengths: lengths, shown: shown, rows: isWhole ? nil : read)
    }

    /// Those of consecutive items of the tensors, with the first `keyCount` keys of each.
    func parted(_ items: Range<Int>, keyCount: Int) throws(ShapeError) -> PreparedPairs {
        let ownKeys = try keys.sliced(axis: 0, items).sliced(axis: 2, 0..<keyCount).copied()
        let ownValues = try values.sliced(axis: 0, items).sliced(axis: 2, 0..<keyCount).copied()
        let ownShown = shown.map { shown in
            let count = shown.shape[1]
            return Mask(
                shape: [items.count, keyCount],
                bytes: items.flatMap { shown.bytes[$0 * count..<$0 * count + keyCount] })
        }
        return PreparedPairs(
            keys: ownKeys, values: ownValues, lengths: lengths.map { $0[items].map { min($0, keyCount) } },
            shown: ownShown, rows: nil)
    }
}

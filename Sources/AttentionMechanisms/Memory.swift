public import AttentionTensors

/// What a query may look at: keys, prepared once for the score that compares them, and the values read through them.
///
/// Bahdanau's projected annotations and a Transformer's key–value cache are both this. Padding belongs here, since it is a property
/// of the data; where a query may look otherwise is the mechanism's scope.
public struct Memory: Sendable {
    /// [B, H, K, D]: the keys as the score transforms them.
    public let keys: Tensor
    /// [B, H, K, Dv].
    public let values: Tensor
    /// How many keys of each item are real; nil when all are.
    public let lengths: [Int]?

    /// A memory of prepared keys; `AttentionMechanism.remember` prepares them.
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
        self.keys = keys
        self.values = values
        self.lengths = lengths
    }

    /// The number of keys, padding included.
    public var keyCount: Int { keys.shape[2] }

    /// The keys that are not padding, [B, 1, 1, K]; nil when all are real.
    package var realKeys: Mask? {
        lengths.map { lengths in
            Mask(
                shape: [lengths.count, 1, 1, keyCount],
                bytes: lengths.flatMap { length in (0..<keyCount).map { $0 < length ? 1 : 0 } })
        }
    }

    /// This memory followed by another, for caches that grow one step at a time.
    /// - Throws: `ShapeError` if the sizes differ, or if this memory is padded (new keys would land behind the padding).
    /// - Complexity: O(K): both are copied.
    public func appending(_ other: Memory) throws(ShapeError) -> Memory {
        guard lengths == nil, other.lengths == nil else {
            throw ShapeError(
                "appending", expected: "memories without padding", found: "lengths \(lengths ?? other.lengths ?? [])")
        }
        return try Memory(
            preparedKeys: try concatenated([keys, other.keys], axis: 2),
            values: try concatenated([values, other.values], axis: 2))
    }

    /// The memories of these items of the batch, in this order.
    /// - Throws: `ShapeError` if there is no such item.
    public func selecting(_ rows: [Int]) throws(ShapeError) -> Memory {
        try Memory(
            preparedKeys: try keys.selecting(rows), values: try values.selecting(rows),
            lengths: lengths.map { lengths in rows.map { lengths[$0] } })
    }
}

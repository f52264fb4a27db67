public import AttentionTensors

/// Blocks of pairs: a window of blocks, global blocks that see all and are seen by all, and a few random ones per row.
///
/// The window is |a − b| ≤ ⌊windowBlocks / 2⌋, not circular. For each block row a that is not global, in order, random blocks are
/// drawn without replacement from the columns not yet visible, in ascending order; r = next() takes the (r mod count)-th. next() is
/// SplitMix64 from `seed`, one stream for all rows, shared by batch and heads. The pattern belongs to a whole sequence: it depends on
/// how many blocks there are.
///
/// *Source:* Zaheer et al. 2020, *Big Bird*, sec. 2.
public struct BigBirdScope: Scope {
    /// How many queries a block has.
    public var queryBlock: Int
    /// How many keys a block has.
    public var keyBlock: Int
    /// How many blocks wide the window is.
    public var windowBlocks: Int
    /// How many blocks at the beginning are global.
    public var globalFirst: Int
    /// How many blocks at the end are global.
    public var globalLast: Int
    /// How many random blocks each row has besides.
    public var randomBlocks: Int
    /// Where the random blocks come from.
    public var seed: UInt64

    /// Big Bird's pattern of blocks.
    public init(
        queryBlock: Int, keyBlock: Int, windowBlocks: Int, globalFirst: Int, globalLast: Int, randomBlocks: Int,
        seed: UInt64
    ) {
        (self.queryBlock, self.keyBlock, self.windowBlocks) = (queryBlock, keyBlock, windowBlocks)
        (self.globalFirst, self.globalLast) = (globalFirst, globalLast)
        (self.randomBlocks, self.seed) = (randomBlocks, seed)
    }

    /// - Throws: `ShapeError` unless blocks have at least one row and column and no count is negative.
    public func region(query: Tensor, memory: Memory, positions: Positions) throws(ShapeError) -> Region {
        try require(
            queryBlock >= 1 && keyBlock >= 1, "bigBird", expected: "blocks of at least 1 × 1",
            found: "\(queryBlock) × \(keyBlock)")
        let counts = [windowBlocks, globalFirst, globalLast, randomBlocks]
        try require(counts.allSatisfy { $0 >= 0 }, "bigBird", expected: "counts of at least 0", found: "\(counts)")
        let places = try positions.table("bigBird", rowCount: query.shape[0], count: query.shape[2])
        try require(
            places.values.allSatisfy { $0 >= 0 }, "bigBird", expected: "positions of at least 0", found: "\(positions)")
        let columns = (memory.keyCount + keyBlock - 1) / keyBlock
        var bytes: [UInt8] = []
        for row in 0..<places.rowCount {
            let last = (0..<places.count).map { places[row, $0] }.max() ?? -1
            let blocks = table(rows: last / queryBlock + 1, columns: columns)
            for i in 0..<places.count {
                for j in 0..<memory.keyCount {
                    bytes.append(blocks.bytes[places[row, i] / queryBlock * columns + j / keyBlock])
                }
            }
        }
        return .mask(Mask(shape: [places.rowCount, 1, places.count, memory.keyCount], bytes: bytes))
    }

    /// The blocks that may meet, [rows, columns].
    private func table(rows: Int, columns: Int) -> Mask {
        var generator = RandomKey(seed: seed).generator()
        var bytes: [UInt8] = []
        for a in 0..<rows {
            let rowIsGlobal = isGlobal(a, of: rows)
            var row = (0..<columns).map { b -> UInt8 in
                rowIsGlobal || isGlobal(b, of: columns) || abs(a - b) <= windowBlocks / 2 ? 1 : 0
            }
            var free = row.indices.filter { row[$0] == 0 }
            for _ in 0..<min(randomBlocks, free.count) {
                row[free.remove(at: Int(generator.next() % UInt64(free.count)))] = 1
            }
            bytes += row
        }
        return Mask(shape: [rows, columns], bytes: bytes)
    }

    private func isGlobal(_ block: Int, of count: Int) -> Bool { block < globalFirst || block >= count - globalLast }
}

extension Scope where Self == BigBirdScope {
    /// Big Bird's pattern of square blocks.
    public static func bigBird(
        block: Int, windowBlocks: Int = 3, globalFirst: Int = 1, globalLast: Int = 0, randomBlocks: Int = 2,
        seed: UInt64
    ) -> BigBirdScope {
        BigBirdScope(
            queryBlock: block, keyBlock: block, windowBlocks: windowBlocks, globalFirst: globalFirst,
            globalLast: globalLast, randomBlocks: randomBlocks, seed: seed)
    }
}

extension BigBirdScope {
    /// What there is to know of it.
    public static let descriptor = ScopeDescriptor(
        "big_bird", "Big Bird", .scope,
        formula: "window, global and random blocks", cost: "O(Q)",
        use: "Long sequences in linear time, with a proof that nothing computable is lost.",
        source: "Zaheer et al. 2020, Big Bird, sec. 2",
        options: [
            .integer("block_query", .size), .integer("block_key", .size), .integer("window_blocks", .size),
            .integer("global_first", .size), .integer("global_last", .size), .integer("random_blocks", .size),
            .integer("seed", .bits), .offset,
        ],
        example: PartExample([
            "block_query": .number(2), "block_key": .number(2), "window_blocks": .number(3),
            "global_first": .number(1), "global_last": .number(0), "random_blocks": .number(1), "seed": .number(7),
        ])
    ) { request in
        try request.shifted(
            BigBirdScope(
                queryBlock: request.options.integer("block_query"), keyBlock: request.options.integer("block_key"),
                windowBlocks: request.options.integer("window_blocks"),
                globalFirst: request.options.integer("global_first"),
                globalLast: request.options.integer("global_last"),
                randomBlocks: request.options.integer("random_blocks"),
                seed: UInt64(bitPattern: Int64(request.options.integer("seed")))))
    }
}

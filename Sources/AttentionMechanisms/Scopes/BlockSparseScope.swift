public import AttentionTensors

/// blocks[(h,) ⌊p / queryBlock⌋, ⌊j / keyBlock⌋]: whole blocks of pairs, as a table says. The last blocks may be ragged.
///
/// *Source:* Gray, Radford & Kingma 2017, *GPU Kernels for Block-Sparse Weights*.
public struct BlockSparseScope: Scope {
    /// [query blocks, key blocks], or [H, query blocks, key blocks] with a table per head.
    public let blocks: Mask
    /// How many queries a block has.
    public let queryBlock: Int
    /// How many keys a block has.
    public let keyBlock: Int

    /// - Throws: `ShapeError` unless blocks have at least one row and column and the table covers every query and key.
    public func region(query: Tensor, memory: Memory, positions: Positions) throws(ShapeError) -> Region {
        try require(
            queryBlock >= 1 && keyBlock >= 1, "blockSparse", expected: "blocks of at least 1 × 1",
            found: "\(queryBlock) × \(keyBlock)")
        let (heads, queryCount, keyCount) = (query.shape[1], query.shape[2], memory.keyCount)
        let rank = blocks.shape.rank
        try require(
            rank == 2 || (rank == 3 && blocks.shape[0] == heads), "blockSparse",
            expected: "a table of blocks, or \(heads) of them", found: "\(blocks.shape)")
        let places = try positions.table("blockSparse", rowCount: query.shape[0], count: queryCount)
        let end = (places.values.max() ?? -1) + 1
        try require(
            places.values.allSatisfy { $0 >= 0 } && blocks.shape[-2] * queryBlock >= end
                && blocks.shape[-1] * keyBlock >= keyCount,
            "blockSparse", expected: "a table for \(end) queries and \(keyCount) keys",
            found: "\(blocks.shape) blocks of \(queryBlock) × \(keyBlock)")
        let tables = rank == 2 ? 1 : heads
        let (rows, columns) = (blocks.shape[-2], blocks.shape[-1])
        var bytes: [UInt8] = []
        bytes.reserveCapacity(places.rowCount * tables * queryCount * keyCount)
        for item in 0..<places.rowCount {
            for table in 0..<tables {
                for i in 0..<queryCount {
                    let row = (table * rows + places[item, i] / queryBlock) * columns
                    for j in 0..<keyCount { bytes.append(blocks.bytes[row + j / keyBlock]) }
                }
            }
        }
        return .mask(Mask(shape: [places.rowCount, tables, queryCount, keyCount], bytes: bytes))
    }
}

extension Scope where Self == BlockSparseScope {
    /// At the blocks that a table [query blocks, key blocks] admits, or one table per head.
    public static func blockSparse(_ blocks: Mask, queryBlock: Int, keyBlock: Int) -> BlockSparseScope {
        BlockSparseScope(blocks: blocks, queryBlock: queryBlock, keyBlock: keyBlock)
    }
}

extension BlockSparseScope {
    /// What there is to know of it.
    public static let descriptor = ScopeDescriptor(
        "block_sparse", "Block-sparse", .scope,
        formula: "block_mask[(h,) ⌊i/bq⌋, ⌊j/bk⌋]",
        cost: "O(visible blocks)", use: "Any pattern of whole blocks, even one per head.",
        source: "Gray, Radford & Kingma 2017, GPU Kernels for Block-Sparse Weights",
        options: [.integer("block_query", .size), .integer("block_key", .size), .offset],
        example: PartExample(["block_query": .number(2), "block_key": .number(2)]) { material in
            let count = (material.length + 1) / 2
            return ["block_mask": .truths(try material.everyOther([count, count]))]
        }
    ) { request in
        try request.shifted(
            BlockSparseScope.blockSparse(
                request.mask("block_mask"), queryBlock: request.options.integer("block_query"),
                keyBlock: request.options.integer("block_key")))
    }
}

import AttentionMechanisms
import AttentionTensors

/// A scope and its definition, written naively: may query i, at position p, look at key j?
struct Pattern: Sendable {
    let name: String
    let scope: any Scope
    let admits: @Sendable (_ item: Int, _ i: Int, _ p: Int, _ j: Int) -> Bool

    init(
        _ name: String, _ scope: any Scope, _ admits: @escaping @Sendable (_ item: Int, _ p: Int, _ j: Int) -> Bool
    ) {
        (self.name, self.scope) = (name, scope)
        self.admits = { item, _, p, j in admits(item, p, j) }
    }

    init(
        perQuery name: String, _ scope: any Scope,
        _ admits: @escaping @Sendable (_ item: Int, _ i: Int, _ j: Int) -> Bool
    ) {
        (self.name, self.scope) = (name, scope)
        self.admits = { item, i, _, j in admits(item, i, j) }
    }
}

/// Where the patterns are tried: 2 items, an image of 3 × 4, which are 12 keys.
enum Trial {
    static let batch = 2
    static let keyCount = 12
    static let (height, width) = (3, 4)
    static let globals = Set([0, 7])
    static let blocks = Set([[0, 0], [0, 2], [1, 1], [2, 0], [2, 3], [1, 3]])
    static let segments = [[0, 0, 0, 1, 1, 2, 2, 2, 2, 3, 3, 3], [0, 1, 1, 1, 1, 1, 1, 4, 4, 4, 4, 4]]

    /// The patterns for queries at positions `offset`, `offset` + 1, ….
    static func patterns(queryCount: Int, offset: Int) throws -> [Pattern] {
        let keyMask = try Mask((0..<batch * keyCount).map { $0 % 5 != 2 }, shape: [batch, keyCount])
        let anyMask = try Mask((0..<queryCount * keyCount).map { $0 % 3 != 1 }, shape: [queryCount, keyCount])
        let globalMask = try Mask(
            (0..<batch * keyCount).map { globals.contains($0 % keyCount) }, shape: [batch, keyCount])
        let table = try Mask((0..<12).map { blocks.contains([$0 / 4, $0 % 4]) }, shape: [3, 4])
        let lengths = [2, 4]
        let (h, w) = (height, width)
        return [
            Pattern("global", GlobalScope.global) { _, _, _ in true },
            Pattern("causal", CausalScope.causal) { _, p, j in j <= p },
            Pattern(perQuery: "bottom right", CausalScope.causal(alignment: .bottomRight)) { _, i, j in
                j <= i + keyCount - queryCount
            },
            Pattern("window", SlidingWindowScope.slidingWindow(left: 2, right: 1)) { _, p, j in
                p - 2 <= j && j <= p + 1
            },
            Pattern("left window", SlidingWindowScope.slidingWindow(left: 3, right: nil)) { _, p, j in p - 3 <= j },
            Pattern("right window", SlidingWindowScope.slidingWindow(left: nil, right: 0)) { _, p, j in j <= p },
            Pattern("endless window", SlidingWindowScope.slidingWindow(left: .max, right: .max)) { _, _, _ in true },
            Pattern("local-m", SlidingWindowScope.localM(halfWidth: 2)) { _, p, j in abs(p - j) <= 2 },
            Pattern(perQuery: "query padding", QueryPaddingScope.queryPadding(lengths: lengths)) { item, i, _ in
                i < lengths[item]
            },
            Pattern("key mask", KeyMaskScope.keyMask(keyMask)) { item, _, j in (item * keyCount + j) % 5 != 2 },
            Pattern(perQuery: "mask", MaskScope.mask(anyMask)) { _, i, j in (i * keyCount + j) % 3 != 1 },
            Pattern("prefix", PrefixScope.prefix(lengths: lengths)) { item, p, j in j <= p || j < lengths[item] },
            Pattern("dilated", DilatedScope.dilated(left: 2, right: 1, dilation: 3)) { _, p, j in
                [p - 6, p - 3, p, p + 3].contains(j)
            },
            Pattern("strided local", StridedScope.strided(3, part: .local)) { _, p, j in (p - 3...p).contains(j) },
            Pattern("strided", StridedScope.strided(3, part: .strided)) { _, p, j in
                (0...12).contains { j == p - 3 * $0 }
            },
            Pattern("strided union", StridedScope.strided(3)) { _, p, j in
                (p - 3...p).contains(j) || (0...12).contains { j == p - 3 * $0 }
            },
            Pattern("fixed local", FixedScope.fixed(4, summary: 1, part: .local)) { _, p, j in
                j <= p && j / 4 == p / 4
            },
            Pattern("fixed summary", FixedScope.fixed(4, summary: 1, part: .summary)) { _, p, j in
                j <= p && [3, 7, 11].contains(j)
            },
            Pattern("fixed union", FixedScope.fixed(4, summary: 1)) { _, p, j in
                j <= p && (j / 4 == p / 4 || [3, 7, 11].contains(j))
            },
            Pattern("longformer", LongformerScope.longformer(window: 1, globalMask: globalMask)) { _, p, j in
                abs(p - j) <= 1 || globals.contains(p) || globals.contains(j)
            },
            Pattern("block sparse", BlockSparseScope.blockSparse(table, queryBlock: 4, keyBlock: 3)) { _, p, j in
                blocks.contains([p / 4, j / 3])
            },
            Pattern("streaming", StreamingScope.streaming(sinks: 2, window: 3)) { _, p, j in
                j <= p && (j < 2 || [p, p - 1, p - 2].contains(j))
            },
            Pattern("chunked", ChunkedScope.chunked(5)) { _, p, j in j <= p && j / 5 == p / 5 },
            Pattern("chunked both ways", ChunkedScope.chunked(5, causal: false)) { _, p, j in j / 5 == p / 5 },
            Pattern("log sparse", LogSparseScope.logSparse) { _, p, j in [0, 1, 2, 4, 8].contains(p - j) },
            Pattern(
                perQuery: "segment",
                SegmentScope.segment(
                    querySegments: segments.map { Array($0.suffix(queryCount)) }, keySegments: segments)
            ) { item, i, j in segments[item][keyCount - queryCount + i] == segments[item][j] },
            Pattern("row", AxialScope.axial(.row, height: h, width: w)) { _, p, j in p / w == j / w },
            Pattern("column", AxialScope.axial(.column, height: h, width: w)) { _, p, j in p % w == j % w },
            Pattern("cross", AxialScope.axial(.cross, height: h, width: w)) { _, p, j in
                p / w == j / w || p % w == j % w
            },
            Pattern("neighborhood", NeighborhoodScope.neighborhood(height: h, width: w, kernel: 3)) { _, p, j in
                // All three rows, and of the columns 0…2 or 1…3, whichever holds the query in the middle or at its border.
                (p % w <= 1 ? 0...2 : 1...3).contains(j % w)
            },
        ]
    }
}

/// A memory with these keys [B, H, K, D], for scopes to be asked about.
func remembering(_ keys: Tensor) throws -> Memory { try Memory(preparedKeys: keys, values: keys) }

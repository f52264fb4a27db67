internal import AttentionTensors
internal import CAttentionKernels

/// Attention of few queries over a cache, page by page where the pages lie: each page is read as a part of the keys, and the parts are weighed
/// by their sums. Nothing is brought together first.
///
/// One head's queries read a page at a time with the kernels of `FusedAttention`; pages that are not float32 are widened on the way, one head
/// of one page at once. Heads that share keys read them together.
///
/// *Source:* Kwon et al. 2023, *PagedAttention*, sec. 4.1; the merging of parts: Dao et al. 2023, *Flash-Decoding*.
struct PagedAttention: Sendable {
    /// With dense rows, outside the graph.
    private(set) var q: Tensor
    private(set) var scores: FusedScores
    private let cache: KeyValueCache
    let layout: PageLayout
    private let precision = Precision.current
    /// Whether the query heads of a key head became its queries.
    private var isJoined = false
    /// What of each row may be seen by any query.
    private let visible: [Range<Int>]

    /// Queries beyond this many are many: for them keys are brought together once.
    private static let fewQueries = 8

    /// The pass for these parts over the memory's cache, or nil if there is none, or the query is part of a graph.
    init?(
        _ parts: FusedParts, query: Tensor, region: Region, memory: Memory, positions: Positions
    ) throws(ShapeError) {
        guard let cache = memory.cache, let layout = cache.layout, query.shape[2] <= Self.fewQueries, !query.isTracked,
            let scores = try FusedScores(
                parts, query: query.shape, region: region, keyCount: memory.keyCount, positions: positions),
            scores.bias?.isTracked != true, scores.distanceBias?.isTracked != true
        else { return nil }
        (self.scores, self.cache, self.layout) = (scores, cache, layout)
        q = query.withDenseRows()
        visible = cache.rows.enumerated().map { item, row in
            let band = scores.bands[item]
            let first = min(max(0, band.lowest ?? 0), row.length)
            let end = band.highest.map { min(row.length, max(0, $0 + query.shape[2])) } ?? row.length
            return first..<max(first, end)
        }
        joinGroups()
    }

    /// One query a head, as in decoding: heads that share keys see the same of them, so they are queries of one head.
    private mutating func joinGroups() {
        let group = q.shape[1] / layout.headCount
        guard q.shape[2] == 1, group > 1, scores.isPlain else { return }
        q = Tensor(
            shape: [q.shape[0], layout.headCount, group, q.shape[3]],
            strides: [q.strides[0], group * q.strides[1], q.strides[1], q.strides[3]], offset: q.offset,
            storage: q.storage)
        scores.bands = .everywhere
        isJoined = true
    }

    private var batch: Int { q.shape[0] }
    private var headCount: Int { q.shape[1] }
    var queryCount: Int { q.shape[2] }
    var group: Int { headCount / layout.headCount }
    var method: attn_attention_method { precision.attention }

    /// What the queries read, and each row's ln Σ exp(score).
    func attend() -> FusedResult {
        let parts = PageParts(cache, visible, headCount: headCount)
        let contexts = Tensor(shape: [parts.count, queryCount, layout.valueSize]) { _ in }
        let logSums = Tensor(shape: [parts.count, queryCount]) { _ in }
        read(parts) { unit, part, scratch in
            let target = contexts.storage.elements + part * queryCount * layout.valueSize
            withUnsafePointer(to: unit) {
                if unit.queries > method.few_queries { method.pack(scratch.packed, $0) }
                method.forward(
                    target, layout.valueSize, logSums.storage.elements + part * queryCount, $0, scratch.packed,
                    scratch.workspace)
            }
        }
        return merged(parts, contexts, logSums)
    }

    private func merged(_ parts: PageParts, _ contexts: Tensor, _ logSums: Tensor) -> FusedResult {
        let size = layout.valueSize
        // Laid out as [B, Q, H, Dv], so that heads can be put side by side without a copy; joined groups have one query each.
        let context =
            isJoined
            ? Tensor(shape: [batch, headCount, queryCount, size]) { _ in }
            : Tensor(shape: [batch, queryCount, headCount, size]) { _ in }.transposed(1, 2)
        let sums = Tensor(shape: [batch, headCount, queryCount]) { _ in }
        let queries = batch * headCount * queryCount
        let work = size * (parts.count / max(1, batch * headCount) + 1)
        Parallel.forEachChunk(of: queries, grain: max(1, (1 << 15) / max(1, work))) { range in
            for index in range {
                let (unit, query) = (index / queryCount, index % queryCount)
                let (item, head) = (unit / headCount, unit % headCount)
                sums.storage.elements[index] = mergeParts(
                    parts.indices(item, head).map { $0 * queryCount + query }, contexts.storage.elements,
                    logSums.storage.elements, size: size,
                    into: context.rows(item, head) + query * context.strides[2])
            }
        }
        guard isJoined else { return FusedResult(context: context, logSums: sums) }
        return FusedResult(
            context: context.viewed(as: [batch, headCount * queryCount, 1, size]),
            logSums: sums.viewed(as: [batch, headCount * queryCount, 1]))
    }

    /// The weights [B, heads, queries, K] of these heads and queries, computed again from their ln Σ exp(score); 0 where pages were dropped.
    func weights(heads: [Int], queries: [Int], logSums: Tensor) -> Tensor {
        let parts = PageParts(cache, visible, headCount: headCount)
        let keyCount = cache.keyCount
        return Tensor(shape: [batch, heads.count, queries.count, keyCount]) { out in
            out.update(repeating: 0, count: batch * heads.count * queries.count * keyCount)
            read(parts) { unit, part, scratch in
                let (item, head, stretch) = parts.place(of: part)
                for (i, wantedHead) in heads.enumerated() {
                    for (j, wantedQuery) in queries.enumerated() {
                        let (own, query) =
                            isJoined ? (wantedHead / queryCount, wantedHead % queryCount) : (wantedHead, wantedQuery)
                        guard own == head else { continue }
                        let line = (item * heads.count + i) * queries.count + j
                        withUnsafePointer(to: unit.queries(query..<query + 1)) {
                            method.weights(
                                out + line * keyCount + stretch.positions.lowerBound, keyCount, $0,
                                logSums.storage.elements + (item * headCount + head) * queryCount + query,
                                scratch.workspace)
                        }
                    }
                }
            }
        }
    }
}

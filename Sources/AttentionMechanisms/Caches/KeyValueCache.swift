public import AttentionTensors

/// The keys and values of sequences that grow, R rows side by side, in pages of a fixed number of positions.
///
/// ```swift
/// var cache = KeyValueCache(rowCount: 2)
/// try mechanism.remember(keys: keys, values: values, in: &cache)       // at the end of each row
/// let read = try mechanism.attend(query, Memory(cache), positions: .from(place))
/// cache = try cache.selecting([1, 1])                                  // page tables only; both rows share their pages
/// ```
///
/// A value: copies share pages, and who writes to a page that others hold gets a page of its own first. Rows may be of different lengths.
/// Numbers enter it outside the graph: no gradient flows into a cache.
///
/// *Source:* Kwon et al. 2023, *Efficient Memory Management for Large Language Model Serving with PagedAttention*, sec. 4.
public struct KeyValueCache: Sendable {
    /// One sequence.
    struct Row: Sendable {
        /// Pages in order; nil where a page was dropped.
        var pages: [CachePage?] = []
        var length = 0
    }

    /// The positions of a page.
    public let pageLength: Int
    /// How numbers are kept.
    public let format: PageFormat
    /// How far back is remembered; nil for all.
    public let window: CacheWindow?
    /// Known from the first keys on.
    var layout: PageLayout?
    var rows: [Row]

    /// An empty cache; heads and sizes are those of the first keys and values.
    /// - Parameters:
    ///   - rowCount: R.
    ///   - pageLength: the positions of a page, at least 1.
    public init(
        rowCount: Int, format: PageFormat = .float32, window: CacheWindow? = nil, pageLength: Int = 64
    ) {
        self.pageLength = max(1, pageLength)
        self.format = format
        self.window = window
        rows = [Row](repeating: Row(), count: max(0, rowCount))
    }

    /// R.
    public var rowCount: Int { rows.count }

    /// How many positions each row has, those that were dropped included: the position that comes next.
    public var lengths: [Int] { rows.map(\.length) }

    /// The positions of the longest row.
    public var keyCount: Int { rows.reduce(0) { max($0, $1.length) } }

    /// [R, H, K, D]; H and D are 0 as long as nothing was remembered.
    var keyShape: Shape { [rowCount, layout?.headCount ?? 0, keyCount, layout?.keySize ?? 0] }

    /// [R, H, K, Dv].
    var valueShape: Shape { [rowCount, layout?.headCount ?? 0, keyCount, layout?.valueSize ?? 0] }

    /// The bytes of all pages; pages that rows share count once.
    /// - Complexity: O(pages).
    public var byteCount: Int {
        Set(rows.flatMap { $0.pages.compactMap { $0.map(ObjectIdentifier.init) } }).count * (layout?.byteCount ?? 0)
    }

    /// The caches of these rows, in this order; a row may be dropped or repeated. No numbers are copied: rows share pages until they are
    /// written to.
    /// - Throws: `ShapeError` if there is no such row.
    /// - Complexity: O(R).
    public func selecting(_ chosen: [Int]) throws(ShapeError) -> KeyValueCache {
        if let outside = chosen.first(where: { !rows.indices.contains($0) }) {
            throw ShapeError("selecting", expected: "rows below \(rowCount)", found: "\(outside)")
        }
        var result = self
        result.rows = chosen.map { rows[$0] }
        return result
    }

    /// The rows of all these caches side by side; `selecting` parts them again. No numbers are copied.
    /// - Throws: `ShapeError` if there are none, or they do not keep the same things in the same way.
    /// - Complexity: O(R).
    public static func joining(_ caches: [KeyValueCache]) throws(ShapeError) -> KeyValueCache {
        guard var result = caches.first else {
            throw ShapeError("joining", expected: "at least one cache", found: "none")
        }
        result.layout = caches.lazy.compactMap(\.layout).first
        for cache in caches {
            guard cache.pageLength == result.pageLength, cache.format == result.format, cache.window == result.window,
                cache.layout == nil || cache.layout == result.layout
            else {
                throw ShapeError(
                    "joining", expected: "caches of one format, window and size of heads", found: "others")
            }
        }
        result.rows = caches.flatMap(\.rows)
        return result
    }
}

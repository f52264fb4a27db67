import AttentionMechanisms
import AttentionTensors

extension Request {
    /// The scope that these options name, its queries `offset` positions on; none for `padding`, which belongs to the memory.
    func scope(_ options: Options) throws -> (any Scope)? {
        let kind = try options.text("kind")
        guard kind != "padding" else { return nil }
        guard let make = Self.scopes[kind] else {
            throw CatalogueError.unknown(
                kind: "scope", name: kind, known: (Self.scopes.keys + ["padding"]).sorted())
        }
        let scope = try make(self, options)
        let offset = try options.integer("offset", default: 0)
        return offset == 0 ? scope : ShiftedScope(scope, by: offset)
    }

    private typealias ScopeMaker = @Sendable (Request, Options) throws -> any Scope

    private enum CausalAlignment: String, CaseIterable {
        case topLeft = "top_left"
        case bottomRight = "bottom_right"
    }

    private static let scopes: [String: ScopeMaker] = [
        "query_padding": { request, _ in
            QueryPaddingScope.queryPadding(lengths: try request.integers("query_lengths").values)
        },
        "key_mask": { request, _ in KeyMaskScope.keyMask(try request.mask("key_mask")) },
        "mask": { request, _ in MaskScope.mask(try request.mask("mask")) },
        "causal": { _, options in
            switch try options.choice("alignment", default: CausalAlignment.topLeft) {
            case .topLeft: CausalScope.causal
            case .bottomRight: CausalScope.causal(alignment: .bottomRight)
            }
        },
        "prefix": { request, _ in PrefixScope.prefix(lengths: try request.integers("prefix_lengths").values) },
        "sliding_window": { _, options in
            SlidingWindowScope.slidingWindow(left: try options.side("left"), right: try options.side("right"))
        },
        "local_m": { _, options in SlidingWindowScope.localM(halfWidth: try options.integer("half_width")) },
        "dilated": { _, options in
            DilatedScope.dilated(
                left: try options.size("left"), right: try options.size("right"),
                dilation: try options.integer("dilation"))
        },
        "strided": { _, options in
            StridedScope.strided(try options.integer("stride"), part: try options.choice("part", default: .union))
        },
        "fixed": { _, options in
            FixedScope.fixed(
                try options.integer("stride"), summary: try options.integer("summary"),
                part: try options.choice("part", default: .union))
        },
        "longformer": { request, options in
            LongformerScope.longformer(
                window: try options.integer("window"), globalMask: try request.mask("global_mask"))
        },
        "block_sparse": { request, options in
            BlockSparseScope.blockSparse(
                try request.mask("block_mask"), queryBlock: try options.size("block_query"),
                keyBlock: try options.size("block_key"))
        },
        "big_bird": { _, options in
            BigBirdScope(
                queryBlock: try options.size("block_query"), keyBlock: try options.size("block_key"),
                windowBlocks: try options.size("window_blocks"), globalFirst: try options.size("global_first"),
                globalLast: try options.size("global_last"), randomBlocks: try options.size("random_blocks"),
                seed: UInt64(bitPattern: Int64(try options.integer("seed", any: true))))
        },
        "streaming": { _, options in
            StreamingScope.streaming(sinks: try options.integer("sinks"), window: try options.integer("window"))
        },
        "chunked": { _, options in
            ChunkedScope.chunked(try options.integer("chunk"), causal: try options.truth("causal", default: true))
        },
        "log_sparse": { _, _ in LogSparseScope.logSparse },
        "segment": { request, _ in
            SegmentScope.segment(
                querySegments: try request.integers("segment_query").rows,
                keySegments: try request.integers("segment_key").rows)
        },
        "axial": { _, options in
            AxialScope.axial(
                try options.choice("axis"), height: try options.size("height"), width: try options.size("width"))
        },
        "swin": { _, options in
            SwinScope.swin(
                height: try options.size("height"), width: try options.size("width"),
                window: try options.size("window"), shift: try options.integer("shift", default: 0))
        },
        "neighborhood": { _, options in
            NeighborhoodScope.neighborhood(
                height: try options.size("height"), width: try options.size("width"),
                kernel: try options.size("kernel"))
        },
        "lsh": { request, _ in LSHScope.lsh(rotations: try request.constant("rotations")) },
    ]
}

extension Options {
    /// One side of a window; −1 leaves it open.
    fileprivate func side(_ name: String) throws -> Int? {
        let side = try integer(name, from: -1)
        return side == -1 ? nil : side
    }
}

extension IntegerTensor {
    /// The rows along the first axis.
    fileprivate var rows: [[Int]] {
        let count = shape.dimensions.first ?? 0
        guard count > 0 else { return [] }
        let size = values.count / count
        return (0..<count).map { Array(values[$0 * size..<($0 + 1) * size]) }
    }
}

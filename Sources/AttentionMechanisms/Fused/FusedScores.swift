internal import AttentionTensors
internal import CAttentionKernels

/// The parts of attention that one pass may take over.
struct FusedParts {
    let score: any Score
    let modifiers: [any Modifier]
    let normalizer: any Normalizer
    /// The probability of dropping a weight in training.
    let dropout: Float
}

/// What fused kernels are told of scores besides queries, keys and values: the factor, what modifiers do, and which pairs may meet.
struct FusedScores: Sendable {
    let scale: Float
    let cap: Float
    /// [B or 1, H or 1, Q or 1, K] with dense rows, in the graph.
    let bias: Tensor?
    /// [H or 1, Q + K − 1], in the graph.
    let distanceBias: Tensor?
    var bands: Bands
    /// Rank 4, a whole row for each query that has one of its own.
    let mask: Mask?
    private let queryCount: Int

    /// What these parts do to the scores of queries [B, H, Q, D], or nil if there is no kernel for it.
    init?(
        _ parts: FusedParts, query: Shape, region: Region, keyCount: Int, positions: Positions
    ) throws(ShapeError) {
        let scores = ScoreGrid([query[0], query[1], query[2], keyCount], positions)
        guard parts.normalizer.isPlainSoftmax, scores.queryCount > 0, keyCount > 0,
            query[0] > 0, let scale = parts.score.innerProductScale(size: query[3]),
            parts.score.scorable(keyCount: keyCount) == nil,
            let changes = try CombinedChanges(parts.modifiers, of: scores)
        else { return nil }
        switch region {
        case .everywhere: (bands, mask) = (.everywhere, nil)
        case .bands(let bands): (self.bands, mask) = (bands, nil)
        case .mask(let mask): (bands, self.mask) = (.everywhere, mask.ofRank4(columns: keyCount))
        case .intersection(let bands, let mask): (self.bands, self.mask) = (bands, mask.ofRank4(columns: keyCount))
        }
        guard !bands.items.contains(where: \.isEmpty) else { return nil }
        bias = try changes.bias?.ofRank4(columns: keyCount)
        distanceBias = changes.distanceBias?.contiguous()
        (self.scale, cap) = (scale, changes.cap)
        queryCount = scores.queryCount
    }

    /// Whether all heads see the same of the same keys, whatever the query.
    var isPlain: Bool { mask == nil && bias == nil && distanceBias == nil }

    /// Lets `body` read the mask's bytes; the pointer is valid within it.
    func withMask<Result>(_ body: (UnsafePointer<UInt8>?) -> Result) -> Result {
        guard let mask else { return body(nil) }
        return mask.bytes.withUnsafeBufferPointer { body($0.baseAddress) }
    }

    /// One head of one item, without dropout. The tensors must outlive it.
    func unit(_ item: Int, _ head: Int, query q: Tensor, keys: KeyRows, mask bytes: UnsafePointer<UInt8>?)
        -> attn_attention
    {
        let band = bands[item]
        return attn_attention(
            queries: q.shape[2], keys: keys.count, head_size: q.shape[3], value_size: keys.valueSize,
            query: q.rows(item, head), key: keys.key, value: keys.value, query_stride: q.strides[2],
            key_stride: keys.keyStride, value_stride: keys.valueStride, visible_keys: keys.length, offset: band.offset,
            left: band.left ?? .max, right: band.right ?? .max, mask: bytes.map { $0 + maskOffset(item, head) },
            mask_stride: maskRowStride, scale: scale, cap: cap, bias: bias.map { UnsafePointer($0.rows(item, head)) },
            bias_stride: bias.map { $0.shape[2] == 1 ? 0 : $0.strides[2] } ?? 0,
            distance_bias: distanceBias.map { UnsafePointer($0.diagonal(head, queryCount: queryCount)) }, dropout: 0,
            dropout_seed: 0, dropout_base: 0, dropout_stride: 0)
    }

    private func maskOffset(_ item: Int, _ head: Int) -> Int {
        guard let shape = mask?.shape else { return 0 }
        let block = shape[2] * shape[3]
        return (shape[0] == 1 ? 0 : item * shape[1] * block) + (shape[1] == 1 ? 0 : head * block)
    }

    private var maskRowStride: Int { mask.map { $0.shape[2] == 1 ? 0 : $0.shape[3] } ?? 0 }
}

/// Where the keys and values of one head of one item lie, how many there are, and how many are real.
struct KeyRows {
    let key: UnsafePointer<Float>
    let value: UnsafePointer<Float>
    let keyStride: Int
    let valueStride: Int
    let valueSize: Int
    let count: Int
    let length: Int
}

/// What all modifiers together do to scores: a cap first, then sums.
private struct CombinedChanges {
    private(set) var cap: Float = 0
    private(set) var bias: Tensor?
    private(set) var distanceBias: Tensor?

    /// Nil if a modifier does more, or they stand in another order.
    init?(_ modifiers: [any Modifier], of scores: ScoreGrid) throws(ShapeError) {
        for modifier in modifiers {
            guard let changes = try modifier.changes(of: scores) else { return nil }
            for change in changes {
                switch change {
                case .cap(let limit):
                    guard cap == 0, bias == nil, distanceBias == nil else { return nil }
                    cap = limit
                case .bias(let addend):
                    try check(addend, scores)
                    bias = bias.map { $0 + addend } ?? addend
                case .distanceBias(let addend): distanceBias = distanceBias.map { $0 + addend } ?? addend
                }
            }
        }
    }

    private func check(_ bias: Tensor, _ scores: ScoreGrid) throws(ShapeError) {
        let target: Shape = [scores.rowCount, scores.headCount, scores.queryCount, scores.keyCount]
        try require(
            bias.shape.rank <= 4 && bias.shape.broadcast(with: target) == target, "bias",
            expected: "a bias that can be repeated to \(target)", found: "\(bias.shape)")
    }
}

extension Mask {
    /// With leading axes of size 1, and whole rows.
    fileprivate func ofRank4(columns: Int) -> Mask {
        let filled = fillingRows(columns)
        let leading = [Int](repeating: 1, count: 4 - filled.shape.rank)
        return Mask(shape: Shape(leading + filled.shape.dimensions), bytes: filled.bytes)
    }
}

extension Tensor {
    /// With leading axes of size 1, and whole and dense rows. In the graph.
    fileprivate func ofRank4(columns: Int) throws(ShapeError) -> Tensor {
        var result = self
        while result.shape.rank < 4 { result = result.unsqueezed(axis: 0) }
        if result.shape[3] != columns {
            result = try result.expanded(to: Shape(result.shape.dimensions.dropLast() + [columns]))
        }
        return result.strides[3] == 1 || columns == 1 ? result : result.contiguous()
    }
}

internal import AttentionTensors
internal import CAttentionKernels

/// The table of combinations that one pass computes without a weight matrix in memory; everything else goes the generic way, with the
/// same meaning.
///
/// | part | what is fused |
/// |---|---|
/// | score | inner products times a factor, after any transformation of queries and keys |
/// | modifiers | those that leave scores alone; at most one cap, then any sum of biases |
/// | scope and lengths | all of them: bands and lengths in symbols, masks as they are |
/// | normalizer | softmax |
/// | dropout | yes |
///
/// *Source:* Dao et al. 2022, *FlashAttention*, algorithms 1 and 4: the running maximum and sum; the backward pass recomputes the
/// weights from each row's log-sum-exp, and so does whoever asks for some of them afterwards.
struct FusedAttention: Sendable {
    /// As they came, for their gradients.
    let query: Tensor
    let memory: Memory
    /// [B or 1, H or 1, Q or 1, K] with dense rows, in the graph.
    let bias: Tensor?
    /// [H or 1, Q + K − 1], in the graph.
    let distanceBias: Tensor?

    /// The query, keys and values with dense rows, outside the graph.
    var q: Tensor
    var k: Tensor
    var v: Tensor
    let scale: Float
    let cap: Float
    var band: Band
    var lengths: [Int]?
    /// Rank 4, a whole row for each query that has one of its own.
    let mask: Mask?
    let dropout: Float
    let key: RandomKey?
    let precision = Precision.current

    /// The pass for these parts, or nil if there is none.
    init?(
        _ mechanism: AttentionMechanism, query: Tensor, region: Region, memory: Memory, offset: Int,
        training key: RandomKey?
    ) throws(ShapeError) {
        let scores = ScoreGrid(
            headCount: query.shape[1], queryCount: query.shape[2], keyCount: memory.keyCount, offset: offset)
        guard mechanism.persistent == nil, mechanism.normalizer.isPlainSoftmax, scores.queryCount > 0,
            scores.keyCount > 0, query.shape[0] > 0,
            let scale = mechanism.score.innerProductScale(size: query.shape[3]),
            mechanism.score.scorable(keyCount: scores.keyCount) == nil,
            let changes = try CombinedChanges(mechanism.modifiers, of: scores)
        else { return nil }
        switch region {
        case .everywhere: (band, mask) = (Band(lowest: nil, highest: nil), nil)
        case .band(let band): (self.band, mask) = (band, nil)
        case .mask(let mask):
            (band, self.mask) = (Band(lowest: nil, highest: nil), mask.ofRank4(columns: scores.keyCount))
        case .intersection(let band, let mask): (self.band, self.mask) = (band, mask.ofRank4(columns: scores.keyCount))
        }
        guard !band.isEmpty else { return nil }
        self.query = query
        self.memory = memory
        lengths = memory.lengths
        bias = try changes.bias?.ofRank4(columns: scores.keyCount)
        distanceBias = changes.distanceBias?.contiguous()
        (q, k, v) = (query.withDenseRows(), memory.keys.withDenseRows(), memory.values.withDenseRows())
        (self.scale, cap) = (scale, changes.cap)
        (self.key, dropout) = (key, key == nil ? 0 : mechanism.dropout)
    }

    /// The kernels that do it.
    var method: attn_attention_method { precision.attention }

    var batch: Int { q.shape[0] }
    var headCount: Int { q.shape[1] }
    var keyHeadCount: Int { k.shape[1] }
    var queryCount: Int { q.shape[2] }
    var keyCount: Int { k.shape[2] }
    /// How many query heads share a key head.
    var group: Int { headCount / keyHeadCount }

    /// Lets `body` describe heads to kernels; the description is valid within it.
    func withUnits<Result>(_ body: (Units) -> Result) -> Result {
        guard let mask else { return body(Units(call: self, mask: nil)) }
        return mask.bytes.withUnsafeBufferPointer { body(Units(call: self, mask: $0.baseAddress)) }
    }
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
        let target: Shape = [scores.headCount, scores.queryCount, scores.keyCount]
        let shape = Shape(Array(bias.shape.dimensions.suffix(3)))
        try require(
            bias.shape.rank <= 4 && shape.broadcast(with: target) == target, "bias",
            expected:
                "a bias that can be repeated to [B, \(scores.headCount), \(scores.queryCount), \(scores.keyCount)]",
            found: "\(bias.shape)")
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

    /// The same values with every row along the last axis dense, outside the graph.
    func withDenseRows() -> Tensor {
        (strides[3] == 1 || shape[3] == 1 ? self : copied()).detached()
    }

    /// Where the rows of one head of one item begin; axes of size 1 are repeated.
    func rows(_ item: Int, _ head: Int) -> UnsafeMutablePointer<Float> {
        storage.elements + offset + (shape[0] == 1 ? 0 : item * strides[0]) + (shape[1] == 1 ? 0 : head * strides[1])
    }
}

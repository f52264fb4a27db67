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
    /// As they came, for their gradients. Keys and values are those that `rows` chooses from.
    let query: Tensor
    let keys: Tensor
    let values: Tensor

    /// The query, keys and values with dense rows, outside the graph.
    var q: Tensor
    var k: Tensor
    var v: Tensor
    /// The item of keys and values that each item reads; nil: its own.
    let rows: [Int]?
    var scores: FusedScores
    var lengths: [Int]?
    let dropout: Float
    let key: RandomKey?
    let precision = Precision.current

    /// The pass for these parts, or nil if there is none.
    init?(
        _ parts: FusedParts, query: Tensor, region: Region, memory: Memory, positions: Positions,
        training key: RandomKey?
    ) throws(ShapeError) {
        guard
            let scores = try FusedScores(
                parts, query: query.shape, region: region, keyCount: memory.keyCount, positions: positions)
        else { return nil }
        self.scores = scores
        self.query = query
        // Gradients want keys of one's own; without any, items that share a source read it where it lies.
        let isTracked = [query, scores.bias, scores.distanceBias, memory.pairs?.keys, memory.pairs?.values]
            .contains { $0?.isTracked == true }
        let memory = memory.pairs == nil || isTracked ? try memory.gathered() : memory
        lengths = memory.lengths
        rows = memory.pairs?.rows
        (keys, values) = memory.pairs.map { ($0.keys, $0.values) } ?? (memory.keys, memory.values)
        (q, k, v) = (query.withDenseRows(), keys.withDenseRows(), values.withDenseRows())
        (self.key, dropout) = (key, key == nil ? 0 : parts.dropout)
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

    var bias: Tensor? { scores.bias }
    var distanceBias: Tensor? { scores.distanceBias }

    /// Lets `body` describe heads to kernels; the description is valid within it.
    func withUnits<Result>(_ body: (Units) -> Result) -> Result {
        scores.withMask { body(Units(call: self, mask: $0)) }
    }

    /// Where the keys and values of a head of an item lie.
    func keyRows(_ item: Int, _ head: Int) -> KeyRows {
        let row = rows?[item] ?? item
        return KeyRows(
            key: k.rows(row, head), value: v.rows(row, head), keyStride: k.strides[2], valueStride: v.strides[2],
            valueSize: v.shape[3], count: keyCount, length: lengths?[item] ?? keyCount)
    }
}

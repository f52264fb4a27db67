import AttentionMechanisms
internal import AttentionTensors
internal import Glibc

/// The tensors of a flash pass, row-major and outside the graph, and its loops.
struct FlashInputs: Sendable {
    private let query: Tensor
    private let keys: Tensor
    private let values: Tensor
    private let lengths: [Int]?
    private let blockSize: Int
    private let isCausal: Bool
    private let scale: Double

    init(_ query: Tensor, _ memory: Memory, blockSize: Int, isCausal: Bool) {
        self.query = query.contiguous().detached()
        keys = memory.keys.contiguous().detached()
        values = memory.values.contiguous().detached()
        lengths = memory.lengths
        self.blockSize = blockSize
        self.isCausal = isCausal
        scale = 1 / Double(max(1, query.shape[3])).squareRoot()
    }

    private var heads: Int { query.shape[1] }
    private var queryCount: Int { query.shape[2] }
    private var keyCount: Int { keys.shape[2] }
    private var size: Int { query.shape[3] }
    private var valueSize: Int { values.shape[3] }
    private var group: Int { heads / keys.shape[1] }
    var rowCount: Int { query.shape[0] * heads * queryCount }
    var blockCount: Int { keyCount == 0 ? 0 : (keyCount - 1) / blockSize + 1 }

    /// How many keys, from the first on, a row of the queries sees.
    private func visibleCount(row: Int) -> Int {
        let length = lengths?[row / (heads * queryCount)] ?? keyCount
        return isCausal ? min(length, row % queryCount + 1) : length
    }

    /// Which key head of which item a row reads.
    private func keyUnit(row: Int) -> Int { row / (queryCount * group) }

    /// s_j = scale · q · k_j for the visible keys of a range, in the order of the keys.
    private func scores(row: Int, _ range: Range<Int>, to scores: UnsafeMutablePointer<Double>) {
        let q = query.firstElement + row * size
        let k = keys.firstElement + keyUnit(row: row) * keyCount * size
        for (index, j) in range.enumerated() {
            var sum = 0.0
            for d in 0..<size { sum += Double(q[d]) * Double(k[j * size + d]) }
            scores[index] = scale * sum
        }
    }

    func run(
        context: UnsafeMutablePointer<Float>, logSums: UnsafeMutablePointer<Float>,
        maxima: UnsafeMutablePointer<Float>, sums: UnsafeMutablePointer<Float>
    ) {
        withExtendedLifetime(self) {
            Parallel.forEachChunk(of: rowCount, grain: max(1, (1 << 14) / (keyCount * (size + valueSize) + 1))) {
                rows in
                withDoubles(min(keyCount, blockSize) + valueSize) { scratch in
                    for row in rows {
                        let last = pass(row, scores: scratch + valueSize, context: scratch) { block, maximum, sum in
                            maxima[block * rowCount + row] = Float(maximum)
                            sums[block * rowCount + row] = Float(sum)
                        }
                        logSums[row] = Float(last.maximum + log(last.sum))
                        for e in 0..<valueSize {
                            context[row * valueSize + e] = last.sum == 0 ? 0 : Float(scratch[e] / last.sum)
                        }
                    }
                }
            }
        }
    }

    /// One row's pass: the last maximum and sum; `context` receives O. A block without a visible key changes nothing.
    private func pass(
        _ row: Int, scores: UnsafeMutablePointer<Double>, context: UnsafeMutablePointer<Double>,
        after: (_ block: Int, _ maximum: Double, _ sum: Double) -> Void
    ) -> (maximum: Double, sum: Double) {
        let visible = visibleCount(row: row)
        let v = values.firstElement + keyUnit(row: row) * keyCount * valueSize
        var (maximum, sum) = (-Double.infinity, 0.0)
        for e in 0..<valueSize { context[e] = 0 }
        for block in 0..<blockCount {
            let first = block * blockSize
            let count = min(blockSize, visible - first)
            if count > 0 {
                self.scores(row: row, first..<first + count, to: scores)
                let top = (0..<count).reduce(maximum) { max($0, scores[$1]) }
                let fade = maximum == top ? 1 : exp(maximum - top)
                sum *= fade
                for e in 0..<valueSize { context[e] *= fade }
                for j in 0..<count {
                    let weight = exp(scores[j] - top)
                    sum += weight
                    for e in 0..<valueSize { context[e] += weight * Double(v[(first + j) * valueSize + e]) }
                }
                maximum = top
            }
            after(block, maximum, sum)
        }
        return (maximum, sum)
    }

    /// The gradients, given those of the contexts and, from `logSumStart` on, of the log sums.
    ///
    /// P = exp(S − lse) is computed anew row by row; dS = P (dP − Σ P dP + dlse).
    func derivative(upstream: Tensor, logSumStart: Int) -> (query: Tensor, keys: Tensor, values: Tensor) {
        let result = (Tensor.zeros(query.shape), Tensor.zeros(keys.shape), Tensor.zeros(values.shape))
        let rowsPerUnit = queryCount * group
        upstream.withElements { upstream in
            Parallel.forEachChunk(of: keys.shape[0] * keys.shape[1], grain: 1) { units in
                withDoubles(keyCount * (size + valueSize + 2) + size) { scratch in
                    let (dKeys, dValues) = (scratch, scratch + keyCount * size)
                    let (weights, slopes) = (dValues + keyCount * valueSize, dValues + keyCount * (valueSize + 1))
                    let dQuery = slopes + keyCount
                    for unit in units {
                        for index in 0..<keyCount * (size + valueSize) { scratch[index] = 0 }
                        for row in unit * rowsPerUnit..<(unit + 1) * rowsPerUnit {
                            reverse(
                                row, upstream: upstream + row * valueSize, logSumSlope: upstream[logSumStart + row],
                                weights: weights, slopes: slopes, dQuery: dQuery, dKeys: dKeys, dValues: dValues)
                            let out = result.0.firstMutableElement + row * size
                            for d in 0..<size { out[d] = Float(dQuery[d]) }
                        }
                        let keyOut = result.1.firstMutableElement + unit * keyCount * size
                        for index in 0..<keyCount * size { keyOut[index] = Float(dKeys[index]) }
                        let valueOut = result.2.firstMutableElement + unit * keyCount * valueSize
                        for index in 0..<keyCount * valueSize { valueOut[index] = Float(dValues[index]) }
                    }
                }
            }
        }
        return result
    }

    /// One row's gradients: `dQuery` is written, `dKeys` and `dValues` are added to.
    private func reverse(
        _ row: Int, upstream: UnsafePointer<Float>, logSumSlope: Float, weights: UnsafeMutablePointer<Double>,
        slopes: UnsafeMutablePointer<Double>, dQuery: UnsafeMutablePointer<Double>,
        dKeys: UnsafeMutablePointer<Double>, dValues: UnsafeMutablePointer<Double>
    ) {
        let visible = visibleCount(row: row)
        for d in 0..<size { dQuery[d] = 0 }
        scores(row: row, 0..<visible, to: weights)
        let top = (0..<visible).reduce(-Double.infinity) { max($0, weights[$1]) }
        for j in 0..<visible { weights[j] = exp(weights[j] - top) }
        let sum = (0..<visible).reduce(0) { $0 + weights[$1] }
        let v = values.firstElement + keyUnit(row: row) * keyCount * valueSize
        var mean = 0.0
        for j in 0..<visible {
            weights[j] /= sum
            slopes[j] = 0
            for e in 0..<valueSize {
                slopes[j] += Double(upstream[e]) * Double(v[j * valueSize + e])
                dValues[j * valueSize + e] += weights[j] * Double(upstream[e])
            }
            mean += weights[j] * slopes[j]
        }
        let q = query.firstElement + row * size
        let k = keys.firstElement + keyUnit(row: row) * keyCount * size
        for j in 0..<visible {
            let slope = scale * weights[j] * (slopes[j] - mean + Double(logSumSlope))
            for d in 0..<size {
                dQuery[d] += slope * Double(k[j * size + d])
                dKeys[j * size + d] += slope * Double(q[d])
            }
        }
    }
}

public import AttentionMechanisms
public import AttentionTensors

/// Softmax attention, exact, by one pass over blocks of keys that keeps a running maximum m, sum l and context O:
///
///     m' = max(m, max S_b),   l' = e^(m − m') l + Σ e^(S_b − m'),   O' = e^(m − m') O + e^(S_b − m') V_b
///
/// in the end context = O / l. Neither direction needs memory for the weights. `AttentionMechanism.attend` takes a fused kernel of the
/// same kind where it can; this is the algorithm as the paper states it, with its intermediate values and in double precision.
///
/// *Source:* Milakov & Gimelshein 2018, *Online normalizer calculation for softmax*; Dao et al. 2022, *FlashAttention*, algorithm 1.
public struct FlashAttention: DirectAttention {
    /// How many keys a block has, at least 1.
    public var blockSize: Int
    /// Whether query i sees only keys j ≤ i.
    public var isCausal: Bool

    /// What one pass finds.
    public struct Pass: Sendable {
        /// O / l, [B, H, Q, Dv].
        public let context: Tensor
        /// m + ln l: ln Σ_j exp(s_ij) over the visible keys, [B, H, Q]; −∞ where there is none.
        public let logSums: Tensor
        /// m after every block, [blocks, B, H, Q]; −∞ until a key is visible. Outside the graph.
        public let runningMaximum: Tensor
        /// l after every block, [blocks, B, H, Q]. Outside the graph.
        public let runningSum: Tensor
    }

    /// Flash attention over blocks of this many keys.
    public init(blockSize: Int, isCausal: Bool = false) {
        self.blockSize = blockSize
        self.isCausal = isCausal
    }

    public func attend(_ query: Tensor, _ memory: Memory) throws(ShapeError) -> Tensor {
        try pass(query, memory).context
    }

    /// What the queries read, and what the pass finds on the way.
    /// - Throws: `ShapeError` if the shapes do not fit or the block size is below 1.
    /// - Complexity: time O(Q K (D + Dv)), memory O(Q Dv + blocks · Q).
    public func pass(_ query: Tensor, _ memory: Memory) throws(ShapeError) -> Pass {
        _ = try memory.groupSize(for: query, "flash")
        try require(blockSize >= 1, "flash", expected: "blocks of at least 1 key", found: "\(blockSize)")
        let inputs = FlashInputs(query, memory, blockSize: blockSize, isCausal: isCausal)
        let rows = Array(query.shape.dimensions.prefix(3))
        let contextShape = Shape(rows + [memory.valueShape[3]])
        let contextCount = contextShape.elementCount
        let running = try Shape([inputs.blockCount] + rows).checked(for: "flash")
        let (maxima, sums) = (Tensor(shape: running) { _ in }, Tensor(shape: running) { _ in })
        let whole = Shape([contextCount + inputs.rowCount])
        let flat = Tensor(shape: whole) { out in
            inputs.run(
                context: out, logSums: out + contextCount, maxima: maxima.firstMutableElement,
                sums: sums.firstMutableElement)
        }.derived(from: query, memory.keys, memory.values) { upstream, gradients in
            let derivative = inputs.derivative(upstream: upstream, logSumStart: contextCount)
            gradients.add(derivative.query, to: query)
            gradients.add(derivative.keys, to: memory.keys)
            gradients.add(derivative.values, to: memory.values)
        }
        return Pass(
            context: try flat.sliced(axis: 0, 0..<contextCount).reshaped(to: contextShape.dimensions),
            logSums: try flat.sliced(axis: 0, contextCount..<whole[0]).reshaped(to: rows),
            runningMaximum: maxima, runningSum: sums)
    }
}

extension FlashAttention {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "flash", "Flash attention (online softmax)", .efficient,
        formula:
            "m' = max(m, max S_b);  l' = e^(m−m') l + Σ e^(S_b−m');  O' = e^(m−m') O + e^(S_b−m') V_b;  out = O / l",
        cost: "time O(Q K D), memory O(Q D)",
        use: "Exact softmax attention without the matrix of weights; the running values show how the sum is built up.",
        source: "Milakov & Gimelshein 2018, Online normalizer calculation for softmax; "
            + "Dao et al. 2022, FlashAttention, algorithm 1",
        options: [.integer("block_key"), .truth("causal", default: false)],
        example: Example(["block_key": .number(4)], draws: "output") { try $0.headedWithUnitValues() }
    ) { request in
        let mechanism = FlashAttention(
            blockSize: try request.options.integer("block_key"),
            isCausal: try request.options.truth("causal"))
        let pass = try mechanism.pass(request.tensor("query"), request.keyValueMemory())
        return [
            "output": .real(pass.context), "lse": .real(pass.logSums), "running_max": .real(pass.runningMaximum),
            "running_sum": .real(pass.runningSum),
        ]
    }
}

import AttentionMechanisms
import AttentionTensors

extension KernelCase {
    static let attention = [Precision.float32, .bfloat16].flatMap { precision in
        [
            scaledDot("full", AttentionMechanism(), precision, isDerived: false),
            scaledDot("causal", AttentionMechanism(scope: .causal), precision, isDerived: false),
            scaledDot("full", AttentionMechanism(), precision, isDerived: true),
        ]
    }

    /// Forward, two products; or with the derivative, which recomputes one of them and adds four.
    private static func scaledDot(
        _ scope: String, _ mechanism: AttentionMechanism, _ precision: Precision, isDerived: Bool
    ) -> KernelCase {
        let (heads, length, headSize) = (8, 1024, 64)
        let pairs = scope == "causal" ? length * (length + 1) / 2 : length * length
        return KernelCase(
            .attention,
            "\(heads) heads, \(length) × \(length) × \(headSize), \(scope), "
                + (isDerived ? "forward + backward" : "forward"),
            Work(operations: (isDerived ? 14 : 4) * Double(heads * pairs * headSize)), precision
        ) {
            let inputs = (0..<4).map { Tensor.normal([1, heads, length, headSize], key: RandomKey(seed: $0)) }
            func read(_ inputs: [Tensor]) throws -> Tensor {
                try mechanism.attend(inputs[0], mechanism.remember(keys: inputs[1], values: inputs[2]))
            }
            guard isDerived else { return { _ = try read(inputs) } }
            return { _ = try read(inputs.map { $0.tracked() }).gradients(upstream: inputs[3]) }
        }
    }

    static let additive = [false, true].map { additiveScores(isDerived: $0) }

    /// v · tanh(q + k). The ceiling is that of multiply-adds, beside which sums, minima and signs go: for each element a tanh, which is
    /// ten of them and a quotient, and one more; with the derivative the tanh again, and four more.
    private static func additiveScores(isDerived: Bool) -> KernelCase {
        let (batch, length, size, tanhInstructions) = (4, 256, 256, 11)
        let instructions = tanhInstructions + 1 + (isDerived ? tanhInstructions + 4 : 0)
        return KernelCase(
            .additive, "\(batch) × \(length) × \(length) × \(size), " + (isDerived ? "forward + backward" : "forward"),
            Work(operations: 2 * Double(instructions * batch * length * length * size))
        ) {
            let query = Tensor.normal([batch, 1, length, size], key: RandomKey(seed: 0))
            let keys = Tensor.normal([batch, 1, length, size], key: RandomKey(seed: 1))
            let vector = Tensor.normal([size], key: RandomKey(seed: 2))
            let upstream = Tensor.normal([batch, 1, length, length], key: RandomKey(seed: 3))
            let map = Tensor.zeros([size, size])  // not used: queries and keys are compared as they are
            func scores(_ query: Tensor, _ keys: Tensor, _ vector: Tensor) throws -> Tensor {
                try AdditiveScore(queryWeight: map, keyWeight: map, vector: vector).compare(query, keys)
            }
            guard isDerived else { return { _ = try scores(query, keys, vector) } }
            return {
                _ = try scores(query.tracked(), keys.tracked(), vector.tracked()).gradients(upstream: upstream)
            }
        }
    }
}

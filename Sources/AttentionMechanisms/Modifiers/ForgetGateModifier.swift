public import AttentionTensors

/// s_ij + Σ_{l = j+1 … p} log_forget[b, h, l]: what lies between fades what came before. Used with a causal scope.
///
/// The gates are computed from the data, so the modifier is made anew for each call and has no parameters of its own.
///
/// *Source:* Lin et al. 2025, *Forgetting Transformer*.
public struct ForgetGateModifier: Modifier {
    /// [B, H, L], at most 0, for all positions of the keys and queries.
    public let logForget: Tensor

    /// - Throws: `ShapeError` unless there is a gate for each item, head and position.
    public func modify(scores: Tensor, query: Tensor, positions: Positions) throws(ShapeError) -> Tensor {
        let (batch, heads, queryCount, keyCount) = (
            scores.shape[0], scores.shape[1], scores.shape[2], scores.shape[3]
        )
        let length = logForget.shape.rank == 3 ? logForget.shape[2] : 0
        let places = try positions.table("forgetGate", rowCount: batch, count: queryCount)
        let end = max((places.values.max() ?? -1) + 1, keyCount)
        try require(
            logForget.shape == [batch, heads, length] && places.values.allSatisfy { $0 >= 0 } && end <= length,
            "forgetGate", expected: "gates [\(batch), \(heads), L] for \(end) positions", found: "\(logForget.shape)")
        let decay = Decay(batch: batch, headCount: heads, keyCount: keyCount, places: places)
        let bias = decay.bias(logForget, shape: scores.shape).derived(from: logForget) { upstream, gradients in
            gradients.add(decay.gradient(upstream, shape: logForget.shape), to: logForget)
        }
        return scores + bias
    }
}

/// c_p − c_j, with c the running sum of the gates, and its derivative; sums in Double, since c grows with the sequence.
private struct Decay: Sendable {
    let batch: Int
    let headCount: Int
    let keyCount: Int
    let places: PositionTable
    private var queryCount: Int { places.count }

    init(batch: Int, headCount: Int, keyCount: Int, places: PositionTable) {
        (self.batch, self.headCount, self.keyCount, self.places) = (batch, headCount, keyCount, places)
    }

    func bias(_ logForget: Tensor, shape: Shape) -> Tensor {
        let length = logForget.shape[2]
        return Tensor(shape: shape) { out in
            logForget.withElements { gates in
                for row in 0..<batch * headCount {
                    var sums = [Double](repeating: 0, count: length)
                    var sum = 0.0
                    for position in 0..<length {
                        sum += Double(gates[row * length + position])
                        sums[position] = sum
                    }
                    for i in 0..<queryCount {
                        let line = out + (row * queryCount + i) * keyCount
                        for j in 0..<keyCount { line[j] = Float(sums[places[row / headCount, i]] - sums[j]) }
                    }
                }
            }
        }
    }

    func gradient(_ upstream: Tensor, shape: Shape) -> Tensor {
        let length = shape[2]
        return Tensor(shape: shape) { out in
            upstream.withElements { upstream in
                for row in 0..<batch * headCount {
                    var sums = [Double](repeating: 0, count: length)
                    for i in 0..<queryCount {
                        let line = upstream + (row * queryCount + i) * keyCount
                        for j in 0..<keyCount {
                            sums[places[row / headCount, i]] += Double(line[j])
                            sums[j] -= Double(line[j])
                        }
                    }
                    var sum = 0.0
                    for position in stride(from: length - 1, through: 0, by: -1) {
                        sum += sums[position]
                        out[row * length + position] = Float(sum)
                    }
                }
            }
        }
    }
}

extension Modifier where Self == ForgetGateModifier {
    /// Fading by these gates [B, H, L], logarithms at most 0.
    public static func forgetGate(logForget: Tensor) -> ForgetGateModifier { ForgetGateModifier(logForget: logForget) }
}

extension ForgetGateModifier {
    /// What there is to know of it.
    public static let descriptor = ModifierDescriptor(
        "forget_gate", "Forget gate", .modifier,
        formula: "s + Σ_{l=j+1..i} log f_l", cost: "O(QK)",
        use: "A Transformer that learns to forget, as recurrent networks do; needs no positions.",
        source: "Lin et al. 2025, Forgetting Transformer",
        options: [.offset],
        example: PartExample(with: .scope("causal")) {
            ["log_forget": .real(Tensor.ones([1, 1, $0.length]) * -0.4)]
        }
    ) { request in
        try request.shifted(ForgetGateModifier.forgetGate(logForget: request.tensor("log_forget")))
    }
}

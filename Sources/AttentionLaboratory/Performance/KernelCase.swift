import AttentionTensors

/// What kernels are grouped by when their rates are measured.
public enum KernelFamily: String, Sendable, Hashable, Codable, CaseIterable {
    /// Matrix products: square, by a linear layer's kept weight, and by weights that come from memory, as in decoding.
    case product
    /// Softmax attention by inner products in one pass, forward and with its derivative.
    case attention
    /// Bahdanau's scores.
    case additive
    /// Normalised rows.
    case layerNorm = "layer_norm"
    /// Softmax of rows.
    case softmax
    /// The optimizer's step.
    case adam
    /// The gates of a recurrent cell.
    case gru

    var cases: [KernelCase] {
        switch self {
        case .product: KernelCase.products
        case .attention: KernelCase.attention
        case .additive: KernelCase.additive
        case .layerNorm: [.layerNorm]
        case .softmax: [.softmax]
        case .adam: [.adam]
        case .gru: [.gru]
        }
    }
}

/// One piece of work whose time is measured.
struct KernelCase: Sendable {
    /// What one call does.
    struct Work {
        /// Arithmetic operations, a multiply-add as two.
        var operations = 0.0
        /// Bytes that come from memory or go there, if no cache holds them.
        var bytes = 0.0
    }

    let family: KernelFamily
    /// What is computed, and how large.
    let name: String
    let precision: Precision
    let work: Work
    /// Makes the inputs, and what computes with them.
    let prepare: @Sendable () throws -> () throws -> Void

    init(
        _ family: KernelFamily, _ name: String, _ work: Work, _ precision: Precision = .exact,
        prepare: @escaping @Sendable () throws -> () throws -> Void
    ) {
        (self.family, self.name, self.precision, self.work, self.prepare) = (family, name, precision, work, prepare)
    }

    /// The median time of a call over about this many seconds, at least three calls, after one to warm up.
    func measure(for seconds: Double) throws -> Double {
        try withPrecision(precision) {
            let compute = try prepare()
            try compute()
            var times: [Double] = []
            let start = ContinuousClock.now
            while times.count < 3 || (ContinuousClock.now - start) / .seconds(1) < seconds {
                let before = ContinuousClock.now
                try compute()
                times.append((ContinuousClock.now - before) / .seconds(1))
            }
            return times.sorted()[times.count / 2]
        }
    }
}

extension Tensor {
    /// Rows that are all alike, uniform within ±1: a large tensor in little time.
    static func alikeRows(_ shape: Shape) throws(ShapeError) -> Tensor {
        try .uniform([shape[-1]], in: -1...1, key: RandomKey(seed: 0)).expanded(to: shape).copied()
    }
}

import Attention

/// Additive attention and its derivative: score = v · tanh(W q + U k + b), softmax, and the keys themselves are read.
///
/// Timed are the forward pass and the gradients of every input and parameter for a fixed upstream gradient. In `step-cached` the key
/// projection U k is an input, whose gradient is computed. Memory is what three more passes add to the process.
struct AdditiveAttention: Workload {
    let name = "additive"
    let seconds = 4.0

    private struct Sizes {
        let name: String
        let batch, queries, keys, hidden: Int
        var isCached = false
    }

    private static let sizes: [Sizes] = [
        Sizes(name: "step-b64q1k50h512", batch: 64, queries: 1, keys: 50, hidden: 512),
        Sizes(name: "step-cached-b64q1k50h512", batch: 64, queries: 1, keys: 50, hidden: 512, isCached: true),
        Sizes(name: "self-b8q256k256h256", batch: 8, queries: 256, keys: 256, hidden: 256),
    ]

    var cases: [String] { Self.sizes.map(\.name) }

    func run(_ name: String, at pace: Pace) throws {
        for sizes in Self.sizes where sizes.name == name {
            let inputs = Inputs(sizes)
            var line = Line(self, name)
            try Measurement(at: pace) { _ = try inputs.forwardBackward() }
                .add(to: &line, amount: Double(sizes.batch * sizes.queries * sizes.keys) / 1e6, unit: "Mpairs")
            try ResidentMemory.add(to: &line) { _ = try inputs.forwardBackward() }
            line.print()
        }
    }

    /// Drawn from N(0, 1), weights divided by √hidden.
    private struct Inputs {
        let query, keys, queryWeight, keyWeight, bias, vector, upstream: Tensor
        let projectedKeys: Tensor?

        init(_ sizes: Sizes) {
            let (batch, hidden) = (sizes.batch, sizes.hidden)
            let deviation = 1 / Float(hidden).squareRoot()
            query = .normal([batch, 1, sizes.queries, hidden], key: RandomKey(seed: 0))
            keys = .normal([batch, 1, sizes.keys, hidden], key: RandomKey(seed: 1))
            queryWeight = .normal([hidden, hidden], deviation: deviation, key: RandomKey(seed: 2))
            keyWeight = .normal([hidden, hidden], deviation: deviation, key: RandomKey(seed: 3))
            bias = .normal([hidden], key: RandomKey(seed: 4))
            vector = .normal([hidden], deviation: deviation, key: RandomKey(seed: 5))
            projectedKeys = sizes.isCached ? .normal(keys.shape, key: RandomKey(seed: 6)) : nil
            upstream = .normal(query.shape, key: RandomKey(seed: 7))
        }

        func forwardBackward() throws -> Gradients {
            let score = AdditiveScore(
                queryWeight: queryWeight.tracked(), keyWeight: keyWeight.tracked(), vector: vector.tracked(),
                hiddenBias: bias.tracked())
            let (mechanism, keys) = (AttentionMechanism(score: score), keys.tracked())
            let memory =
                try projectedKeys.map { try Memory(preparedKeys: $0.tracked(), values: keys) }
                ?? mechanism.remember(keys: keys, values: keys)
            return try mechanism.attend(query.tracked(), memory).gradients(upstream: upstream)
        }
    }
}

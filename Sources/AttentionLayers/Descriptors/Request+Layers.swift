package import AttentionMechanisms
import AttentionTensors

// Layers made of the parameters that PyTorch and Hugging Face name.

extension Request {
    /// x Wᵀ + b of `name.weight` and, if there is one, `name.bias`.
    package func linear(_ name: String) throws -> Linear {
        Linear(weight: try tensor(name + ".weight"), bias: try tensor(ifPresent: name + ".bias"))
    }

    /// torch.nn.MultiheadAttention with its masks, whose polarity is ours: *true = may attend*.
    func multiHeadAttention() throws -> MultiHeadAttention {
        var scopes: [any Scope] = []
        if contains("key_mask") { scopes.append(KeyMaskScope.keyMask(try mask("key_mask"))) }
        if contains("mask") { scopes.append(MaskScope.mask(try mask("mask"))) }
        var mechanism = AttentionMechanism(scope: IntersectionScope(scopes: scopes))
        if contains("bias") { mechanism.modifiers = [BiasModifier.bias(try tensor("bias"))] }
        return try multiHeadAttention("", mechanism)
    }

    /// The parameters of torch.nn.MultiheadAttention under this prefix: `in_proj_weight` [3E, E] or `q_proj_weight`, `k_proj_weight` and
    /// `v_proj_weight`; `in_proj_bias` [3E]; `bias_k` and `bias_v` [1, 1, E]; `out_proj`.
    func multiHeadAttention(_ prefix: String, _ mechanism: AttentionMechanism) throws -> MultiHeadAttention {
        let heads = try options.integer("heads")
        let weights = try thirds(prefix + "in_proj_weight")
        let biases = try thirds(prefix + "in_proj_bias")
        func projection(_ index: Int, _ name: String) throws -> Linear {
            Linear(weight: try weights?[index] ?? tensor(prefix + name), bias: biases?[index])
        }
        var layer = try MultiHeadAttention(
            query: projection(0, "q_proj_weight"), key: projection(1, "k_proj_weight"),
            value: projection(2, "v_proj_weight"), output: linear(prefix + "out_proj"), mechanism: mechanism,
            headCount: heads, keyHeadCount: heads)
        layer.mechanism.persistent = try persistentPairs(prefix, of: layer)
        return layer
    }

    /// `bias_k` with `bias_v`, and a pair of zeros if `add_zero_attn` says so.
    private func persistentPairs(_ prefix: String, of layer: MultiHeadAttention) throws -> PersistentPairs? {
        let (heads, keySize, valueSize) = (
            layer.headCount, layer.key.weight.shape[0] / layer.headCount, layer.value.weight.shape[0] / layer.headCount
        )
        var pairs: PersistentPairs?
        if contains(prefix + "bias_k") || contains(prefix + "bias_v") {
            pairs = try PersistentPairs(
                keys: tensor(prefix + "bias_k").splitIntoHeads(heads).squeezed(axis: 0),
                values: tensor(prefix + "bias_v").splitIntoHeads(heads).squeezed(axis: 0))
        }
        guard try options.truth("add_zero_attn") else { return pairs }
        let zero = try PersistentPairs(keys: .zeros([heads, 1, keySize]), values: .zeros([heads, 1, valueSize]))
        return try pairs?.appending(zero) ?? zero
    }

    /// The three equal parts of a packed parameter, if there is one.
    private func thirds(_ name: String) throws -> [Tensor]? {
        guard let packed = try tensor(ifPresent: name) else { return nil }
        guard packed.shape.rank > 0, packed.shape[0] % 3 == 0 else {
            throw RequestError.unfitTensor(
                name, expected: "the rows of query, key and value, a multiple of 3", found: "\(packed.shape)")
        }
        let size = packed.shape[0] / 3
        return try (0..<3).map { try packed.sliced(axis: 0, $0 * size..<($0 + 1) * size) }
    }

    /// Projections `q_proj`, `k_proj`, `v_proj` and `o_proj` around a core mechanism.
    func projectedMultiHeadAttention() throws -> MultiHeadAttention {
        let heads = try options.integer("heads")
        let query = try linear("q_proj")
        return try MultiHeadAttention(
            query: query, key: linear("k_proj"), value: linear("v_proj"), output: linear("o_proj"),
            mechanism: coreMechanism(querySize: (query.weight.shape.dimensions.first ?? 0) / max(heads, 1)),
            headCount: heads, keyHeadCount: options.integer(ifGiven: "kv_heads") ?? heads)
    }
}

extension Request {
    /// The activations of PyTorch's layers.
    enum LayerActivation: String, CaseIterable {
        case relu
        case gelu
    }

    /// torch.nn.TransformerEncoderLayer.
    func encoderLayer() throws -> TransformerEncoderLayer {
        TransformerEncoderLayer(
            selfAttention: try multiHeadAttention("self_attn.", mechanism(causalScope(), keyMask: "key_mask")),
            selfAttentionResidual: try residual("norm1"), feedForward: try feedForward(),
            feedForwardResidual: try residual("norm2"))
    }

    /// torch.nn.TransformerDecoderLayer.
    func decoderLayer() throws -> TransformerDecoderLayer {
        TransformerDecoderLayer(
            selfAttention: try multiHeadAttention("self_attn.", mechanism(.causal, keyMask: "key_mask")),
            selfAttentionResidual: try residual("norm1"),
            crossAttention: try multiHeadAttention("multihead_attn.", mechanism(.global, keyMask: "memory_mask")),
            crossAttentionResidual: try residual("norm2"), feedForward: try feedForward(),
            feedForwardResidual: try residual("norm3"))
    }

    private func mechanism(_ scope: some Scope, keyMask name: String) throws -> AttentionMechanism {
        guard contains(name) else { return AttentionMechanism(scope: scope) }
        return AttentionMechanism(scope: .intersection(scope, .keyMask(try mask(name))))
    }

    private func residual(_ name: String) throws -> Residual {
        let norm = LayerNorm(
            gain: try tensor(name + ".weight"), bias: try tensor(name + ".bias"),
            epsilon: Float(try options.number("epsilon")))
        return Residual(norm: norm, order: try options.truth("norm_first") ? .pre : .post)
    }

    private func feedForward() throws -> FeedForward {
        let activation: LayerActivation = try options.choice("activation")
        return FeedForward(
            up: try linear("linear1"), down: try linear("linear2"), activation: activation == .relu ? .relu : .gelu)
    }
}

extension [OptionDescriptor] {
    /// What torch.nn.TransformerEncoderLayer and its decoder counterpart are told.
    static let layer: [OptionDescriptor] = [
        .integer("heads"), .truth("add_zero_attn", default: false), .truth("norm_first", default: false),
        .choice("activation", Request.LayerActivation.self, default: .relu),
        .number("epsilon", .from(0), default: 1e-5),
    ]
}

extension Request {
    /// The map of `name.weight` and `name.bias`.
    package func linear(withBias name: String) throws -> Linear {
        Linear(weight: try tensor("\(name).weight"), bias: try tensor("\(name).bias"))
    }

    /// The map of `name.weight` alone.
    package func linear(withoutBias name: String) throws -> Linear {
        Linear(weight: try tensor("\(name).weight"), bias: nil)
    }

    /// The norm of `name.weight` and `name.bias`.
    package func layerNorm(_ name: String, epsilon: Double) throws -> LayerNorm {
        LayerNorm(gain: try tensor("\(name).weight"), bias: try tensor("\(name).bias"), epsilon: Float(epsilon))
    }
}

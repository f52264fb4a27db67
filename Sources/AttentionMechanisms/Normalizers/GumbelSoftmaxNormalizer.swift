public import AttentionTensors

/// w = softmax((s + g) / temperature) with Gumbel noise g: a sample of a key from softmax(s), relaxed so that it can be differentiated.
///
/// The noise is given, so the same noise gives the same sample. `.straightThrough(.gumbelSoftmax(…))` samples one key for certain.
///
/// *Source:* Jang, Gu & Poole 2017, *Categorical Reparameterization with Gumbel-Softmax*, eq. 2.
public struct GumbelSoftmaxNormalizer: Normalizer {
    /// g, [B, H, Q, K] or a shape that expands to it.
    public let noise: Tensor
    /// How far the sample is from a single key, above 0.
    public let temperature: Float

    /// A normalizer with this noise, from which no gradients flow.
    /// - Precondition: the temperature is above 0.
    public init(noise: Tensor, temperature: Float) {
        precondition(temperature > 0, "GumbelSoftmaxNormalizer: expected a temperature above 0, found \(temperature)")
        self.noise = noise.detached()
        self.temperature = temperature
    }

    public func normalize(_ scores: Tensor, visible: Mask?) throws(ShapeError) -> Tensor {
        let noise = try noise.expanded(to: scores.shape)
        return try ((scores + noise) / temperature).softmax(visible: visible)
    }
}

extension Normalizer where Self == GumbelSoftmaxNormalizer {
    /// A relaxed sample with this noise, as `Tensor.gumbel` draws it.
    public static func gumbelSoftmax(noise: Tensor, temperature: Float = 1) -> GumbelSoftmaxNormalizer {
        GumbelSoftmaxNormalizer(noise: noise, temperature: temperature)
    }
}

extension Tensor {
    /// Elements −ln(−ln u) with u uniform on (0, 1): standard Gumbel noise.
    public static func gumbel(_ shape: Shape, key: RandomKey) -> Tensor {
        -(-uniform(shape, in: 0x1p-25...(1 - 0x1p-24), key: key).logarithm()).logarithm()
    }
}

extension GumbelSoftmaxNormalizer {
    /// What there is to know of it.
    public static let descriptor = NormalizerDescriptor(
        "gumbel_softmax", "Gumbel-softmax", .normalizer,
        formula: "P = softmax((z + g) / T); hard: its one-hot forward, itself backward", cost: "O(QK)",
        use: "Training discrete choices by gradients, with little bias at low temperature.",
        source: "Jang, Gu & Poole 2017, Categorical Reparameterization with Gumbel-Softmax, eq. 2",
        options: [.truth("hard", default: false), .temperature],
        fresh: .refused("one that needs no noise of its own"),
        example: PartExample(["temperature": .number(0.5)]) {
            ["gumbel": .real($0.parameter("gumbel", [1, 1, $0.length, $0.length]) * 4)]
        }
    ) { request in
        let soft = GumbelSoftmaxNormalizer(
            noise: try request.constant("gumbel"), temperature: Float(try request.options.number("temperature")))
        return try request.options.truth("hard") ? StraightThroughNormalizer(soft) : soft
    }
}

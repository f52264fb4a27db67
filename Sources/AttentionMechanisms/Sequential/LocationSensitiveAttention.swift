public import AttentionTensors

/// The additive score with a third part, from where earlier steps looked: f = filters ∗ state, e_j = v · tanh(W q + U k_j + L f_j + b),
/// w = normalize(sharpening · e).
///
/// The convolution is a cross-correlation with zeros outside, so that f_j sees the state around key j. Gradients flow through all
/// earlier weights.
///
/// *Source:* Chorowski, Bahdanau, Serdyuk, Cho & Bengio 2015, *Attention-Based Models for Speech Recognition*, eq. 8, 9 and sec. 2.3 (the
/// paper's V is U here, its U is L); previous and cumulative weights together: Shen et al. 2018, *Tacotron 2*.
public struct LocationSensitiveAttention: SequentialMechanism {
    /// What the filters see.
    public enum History: String, Sendable, Hashable, CaseIterable {
        /// The weights of the step before.
        case previous
        /// The sum of all earlier weights.
        case cumulative
        /// Both, in this order.
        case both

        /// C, how many rows of weights that is.
        public var channelCount: Int { self == .both ? 2 : 1 }
    }

    /// W, U, v and b.
    public var score: AdditiveScore
    /// [F, C, r], r odd.
    public var filters: Parameter
    /// L, [A, F].
    public var locationWeight: Parameter
    /// What the filters see.
    public let history: History
    /// How scores become shares; `.normalizedSigmoid` is the paper's smoothing.
    public var normalizer: any Normalizer
    /// What scores are multiplied by.
    public let sharpening: Float

    /// A mechanism of these parts.
    public init(
        score: AdditiveScore, filters: Tensor, locationWeight: Tensor, history: History = .previous,
        normalizer: some Normalizer = .softmax, sharpening: Float = 1
    ) {
        self.score = score
        self.filters = Parameter(filters)
        self.locationWeight = Parameter(locationWeight)
        self.history = history
        self.normalizer = normalizer
        self.sharpening = sharpening
    }

    /// Where earlier steps looked.
    public struct State: SequentialState {
        /// [B, H, 1, K], the weights of the step before.
        public var previous: Tensor
        /// [B, H, 1, K], the sum of all earlier weights.
        public var cumulative: Tensor

        /// A state in which both are these weights [B, H, 1, K].
        public init(_ weights: Tensor) {
            previous = weights
            cumulative = weights
        }

        public func selecting(_ rows: [Int]) throws(ShapeError) -> State {
            var result = self
            result.previous = try previous.selecting(rows)
            result.cumulative = try cumulative.selecting(rows)
            return result
        }

        public func moving(_ moved: [Bool], from earlier: State) throws(ShapeError) -> State {
            var result = self
            result.previous = try previous.moving(moved, from: earlier.previous)
            result.cumulative = try cumulative.moving(moved, from: earlier.cumulative)
            return result
        }
    }

    public func remember(keys: Tensor, values: Tensor, lengths: [Int]?) throws(ShapeError) -> Memory {
        try AttentionMechanism(score: score).remember(keys: keys, values: values, lengths: lengths)
    }

    /// As if the first key had been looked at.
    public func start(_ memory: Memory) -> State { State(memory.weightsOnFirstKey()) }

    public func step(
        _ query: Tensor, _ memory: Memory, _ state: inout State, training key: RandomKey? = nil
    ) throws(ShapeError) -> Alignment {
        try memory.checkStep(query, "location-sensitive attention")
        let features = try linear(try convolved(state, memory), weight: locationWeight)  // [B, H, K, A]
        try require(
            features.shape == memory.keyShape, "location-sensitive attention",
            expected: "a location weight [\(memory.keyShape[3]), F]", found: "\(locationWeight.shape)")
        let scores = try score.compare(try score.transform(query: query), memory.keys + features)
        let weights = try normalizer.normalize(scores * sharpening, visible: memory.realKeys)
        state.previous = weights
        state.cumulative = state.cumulative + weights
        return try memory.read(weights)
    }

    /// f, [B, H, K, F].
    private func convolved(_ state: State, _ memory: Memory) throws(ShapeError) -> Tensor {
        try require(
            filters.shape.rank == 3 && filters.shape[1] == history.channelCount && filters.shape[2] % 2 == 1,
            "location-sensitive attention", expected: "filters [F, \(history.channelCount), r] with r odd",
            found: "\(filters.shape)")
        try require(
            state.previous.shape == memory.stepShape && state.cumulative.shape == memory.stepShape,
            "location-sensitive attention", expected: "earlier weights \(memory.stepShape)",
            found: "\(state.previous.shape)")
        let seen =
            switch history {
            case .previous: state.previous
            case .cumulative: state.cumulative
            case .both: try concatenated([state.previous, state.cumulative], axis: 2)
            }
        let windows = try seen.windows(of: filters.shape[2])  // [B, H, K, C · r]
        return try linear(windows, weight: try filters.reshaped(to: [filters.shape[0], windows.shape[3]]))
    }

    /// As the additive score's, and `filters`, `weight_location`, and the normalizer's own.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try score.visit(&visitor, path)
        try filters.visit(&visitor, path / "filters")
        try locationWeight.visit(&visitor, path / "weight_location")
        try normalizer.visit(&visitor, path / "normalizer")
    }
}

extension LocationSensitiveAttention {
    /// A mechanism with `filterCount` filters of `width`, its parameters drawn uniformly (Glorot & Bengio 2010, eq. 16).
    public init(
        querySize: Int, keySize: Int, hiddenSize: Int, filterCount: Int, width: Int, history: History = .previous,
        normalizer: some Normalizer = .softmax, key: RandomKey
    ) {
        self.init(
            score: .additive(querySize: querySize, keySize: keySize, hiddenSize: hiddenSize, key: key[0]),
            filters: .glorot([filterCount, history.channelCount * width], key: key[1])
                .viewed(as: [filterCount, history.channelCount, width]),
            locationWeight: .glorot([hiddenSize, filterCount], key: key[2]), history: history, normalizer: normalizer)
    }
}

extension Tensor {
    /// [B, H, C, K] → [B, H, K, C · r]: around each place of K its r neighbours in every channel, zeros beyond the ends. r is odd.
    fileprivate func windows(of width: Int) throws(ShapeError) -> Tensor {
        let (batch, heads, channels, count) = (shape[0], shape[1], shape[2], shape[3])
        let margin = Tensor.zeros([batch, heads, channels, width / 2])
        let padded = try concatenated([margin, self, margin], axis: 3)
        var neighbours: [Tensor] = []
        for place in 0..<width { neighbours.append(try padded.sliced(axis: 3, place..<place + count)) }
        return try stacked(neighbours, axis: 3)  // [B, H, C, r, K]
            .permuted([0, 1, 4, 2, 3]).reshaped(to: [batch, heads, count, channels * width])
    }
}

extension LocationSensitiveAttention {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "location_sensitive", "Location-sensitive attention", .sequential,
        formula: "f = filters ∗ earlier weights, e_j = v · tanh(W q + V k_j + U f_j + b), w = softmax(β e)",
        cost: "O(QK (A + F r)) time, O(K A) memory a step",
        use: "Long inputs with many similar places, read once from start to end: speech recognition and synthesis.",
        source: "Chorowski et al. 2015, Attention-Based Models for Speech Recognition, eq. 8-9, sec. 2.3; "
            + "Shen et al. 2018, Tacotron 2",
        options: [
            .choice("normalizer", Smoothing.self, default: .softmax),
            .choice("state", History.self, default: .previous), .number("sharpening", default: 1),
        ],
        example: Example(["state": .text("previous")]) { material in
            material.sequence + material.network
                + material.parameters(["filters": [4, 1, 3], "weight_location": [16, 4], "hidden_bias": [16]])
                + ["initial_weights": .real(try material.firstPlace())]
        }
    ) { request in
        let normalizer: any Normalizer =
            switch try request.options.choice("normalizer") as Smoothing {
            case .softmax: SoftmaxNormalizer.softmax
            case .normalizedSigmoid: NormalizedSigmoidNormalizer.normalizedSigmoid
            }
        let mechanism = LocationSensitiveAttention(
            score: try AdditiveScore(of: request), filters: try request.tensor("filters"),
            locationWeight: try request.tensor("weight_location"),
            history: try request.options.choice("state"), normalizer: normalizer,
            sharpening: Float(try request.options.number("sharpening")))
        let memory = try request.memory(for: mechanism)
        let first = try request.stepState("initial_weights").map(State.init)
        return try .reading(mechanism.alignSequence(request.headless("query"), memory, from: first))
    }

    private enum Smoothing: String, CaseIterable {
        case softmax
        case normalizedSigmoid = "normalized_sigmoid"
    }

    /// How a decoder gets it.
    public static let sequential = SequentialDescriptor(
        descriptor,
        sharing: { normalizer in
            .drawn { settings, key in
                LocationSensitiveAttention(
                    querySize: settings.querySize, keySize: settings.keySize, hiddenSize: settings.hiddenSize,
                    filterCount: settings.filterCount,
                    width: settings.filterWidth, normalizer: normalizer, key: key)
            }
        })
}

public import AttentionTensors

/// Parameters that are trained in another way than the rest, by a pattern of their names.
///
///     [ParameterGroup("encoder.*", isFrozen: true), ParameterGroup("*.bias", decay: .zero, rateFactor: 2)]
///
/// Where several groups match a parameter, their factors are multiplied, the last decay counts, and one that freezes is enough.
public struct ParameterGroup: Sendable, Hashable, Codable {
    /// Which parameters.
    public var pattern: ParameterPattern
    /// What the learning rate is multiplied by.
    public var rateFactor: Float
    /// The weight decay; nil for that of the optimizer.
    public var decay: WeightDecay?
    /// Whether they stay as they are, and take part in no gradient.
    public var isFrozen: Bool

    /// The parameters that match this pattern.
    public init(
        _ pattern: ParameterPattern, rateFactor: Float = 1, decay: WeightDecay? = nil, isFrozen: Bool = false
    ) {
        self.pattern = pattern
        self.rateFactor = rateFactor
        self.decay = decay
        self.isFrozen = isFrozen
    }

    /// Layer-wise decay of the rate: the last pattern has the whole rate, each one before it `factor` times that of the next.
    ///
    /// For fine-tuning, where lower layers know what is general already (Howard & Ruder 2018, section 3.1, with a factor of 1 / 2.6).
    /// - Parameter patterns: from the bottom to the top: `["embedding.*", "encoder.layers.0.*", "encoder.layers.1.*"]`.
    public static func layerwise(_ patterns: [ParameterPattern], factor: Float) -> [ParameterGroup] {
        var rate: Float = 1
        return Array(
            patterns.reversed().map { pattern in
                defer { rate *= factor }
                return ParameterGroup(pattern, rateFactor: rate)
            }.reversed())
    }
}

/// What groups say of each parameter of a model.
public struct ParameterRules: Sendable, Hashable {
    /// What is said of one parameter.
    struct Rule: Sendable, Hashable {
        var rateFactor: Float = 1
        var decay: WeightDecay?
        var isFrozen = false
    }

    private var rules: [String: Rule] = [:]

    /// All parameters are alike.
    public init() {}

    /// What these groups say of the parameters of `model`.
    /// - Throws: `TrainingError.unmatchedPattern` if a pattern matches none of them, `TrainingError.setting` if a factor is negative.
    public init(_ groups: [ParameterGroup], of model: some Module) throws(TrainingError) {
        let names = groups.isEmpty ? [] : model.parameters().map(\.name)
        for group in groups {
            guard group.rateFactor >= 0, group.rateFactor.isFinite else {
                throw .setting(
                    "rateFactor of \(group.pattern)", expected: "of at least 0", found: "\(group.rateFactor)")
            }
            let matching = names.filter(group.pattern.matches)
            guard !matching.isEmpty else { throw .unmatchedPattern("\(group.pattern)", example: names.first) }
            for name in matching { rules[name, default: Rule()].add(group) }
        }
    }

    subscript(name: String) -> Rule { rules[name] ?? Rule() }

    /// The names of the parameters that stay as they are.
    public var frozenNames: [String] { rules.filter(\.value.isFrozen).keys.sorted() }

    /// The model with all parameters tracked but the frozen ones.
    func tracked<Model: Module>(_ model: Model) -> Model {
        model.mapParameters { self[$0].isFrozen ? $1 : $1.tracked() }
    }
}

extension ParameterRules.Rule {
    fileprivate mutating func add(_ group: ParameterGroup) {
        rateFactor *= group.rateFactor
        decay = group.decay ?? decay
        isFrozen = isFrozen || group.isFrozen
    }
}

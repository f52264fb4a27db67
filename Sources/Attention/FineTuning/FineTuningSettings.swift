public import AttentionModels
public import AttentionTensors
import AttentionTraining

/// How a pretrained model is fine-tuned: what `--config` and `--set` can change.
///
/// The defaults are those of BERT's authors (Devlin et al. 2019, appendix A.3): Adam with decoupled weight decay, a linear climb over the first
/// tenth of all updates and a linear fall behind it, few epochs.
public struct FineTuningSettings: SettingsDocument, Hashable {
    /// The most pieces of a text, or of a window of one, special ones included.
    public var maximumLength = 128
    /// The pieces that a window of a long context repeats of the one before it; for answers only.
    public var stride = 64
    /// Examples of a batch.
    public var batchSize = 32
    /// Batches per update.
    public var accumulationCount = 1
    /// Passes over the data; the learning rate reaches 0 at their end.
    public var maximumEpochs = 3
    /// Updates after which training ends before that; 0 means no such limit.
    public var maximumUpdates = 0
    /// Minutes after which training ends before that, all runs together; 0 means no such limit.
    public var maximumMinutes: Double = 0
    /// The highest learning rate; adapters want ten times as much.
    public var peakRate: Float = 5e-5
    /// The share of all updates over which the rate climbs.
    public var warmupShare: Float = 0.1
    /// What the rate of each layer is of that of the layer above it; 1 for the same everywhere (Howard & Ruder 2018, sec. 3.1).
    public var layerDecay: Float = 1
    /// β₁ of Adam.
    public var beta1: Float = 0.9
    /// β₂ of Adam.
    public var beta2: Float = 0.999
    /// ε of Adam.
    public var epsilon: Float = 1e-8
    /// λ of decoupled weight decay, on matrices only.
    public var weightDecay: Float = 0.01
    /// The norm gradients are cut to; 0 means never.
    public var clippingNorm: Float = 1
    /// Whether elements are dropped in training, with the probabilities of the model's configuration.
    public var dropout = true
    /// Parameters that stay as they are: patterns of names with commas between them, `*` standing for any characters:
    /// `encoder.embeddings.*,encoder.layers.0.*`.
    public var frozen = ""
    /// What the cosines of embeddings are multiplied by; for embeddings only.
    public var scale: Float = 20
    /// Validations in each epoch.
    public var validationsPerEpoch = 1
    /// Updates between checkpoints, besides those after validations.
    public var checkpointInterval = 500
    /// Validations without improvement before training ends; 0 means never.
    public var patience = 0
    /// What products and attention round their numbers to while training and validating.
    public var precision = Precision.float32
    /// What is kept of the encoder's layers until their derivatives are computed: `recomputed` takes less memory and more time.
    public var activations = Activations.kept
    /// Low-rank adapters, which are trained in the place of the model's own parameters.
    public var adapter = Adapter()

    /// Low-rank adapters (Hu et al. 2022).
    public struct Adapter: Codable, Sendable, Hashable {
        /// r; 0 trains the model's own parameters.
        public var rank = 0
        /// α; what is added is multiplied by α / r.
        public var alpha: Float = 16
        /// The probability of dropping an element of what an adapter reads.
        public var dropout: Float = 0
        /// The maps that get one, by the ends of their names, with commas between them: `query,key,value,output,up,down`.
        public var targets = "query,value"

        /// No adapters.
        public init() {}

        /// As models take them; nil for none.
        var plan: AdapterPlan? {
            rank > 0 ? AdapterPlan(rank: rank, alpha: alpha, dropout: dropout, targets: targets.listed) : nil
        }
    }

    /// The defaults.
    public init() {}

    /// The defaults where contexts are long: windows of 384 pieces, of which 128 are seen twice (Devlin et al. 2019, their code).
    public static let answers = {
        var settings = FineTuningSettings()
        (settings.maximumLength, settings.stride) = (384, 128)
        return settings
    }()

    /// Throws what is wrong with these settings, if anything is.
    public func validate() throws(ConfigurationError) {
        for (name, value, minimum) in [
            ("maximumLength", maximumLength, 8), ("stride", stride, 0), ("batchSize", batchSize, 1),
            ("accumulationCount", accumulationCount, 1), ("maximumEpochs", maximumEpochs, 1),
            ("maximumUpdates", maximumUpdates, 0), ("validationsPerEpoch", validationsPerEpoch, 1),
            ("checkpointInterval", checkpointInterval, 1), ("patience", patience, 0), ("adapter.rank", adapter.rank, 0),
        ] {
            try ConfigurationError.require(name, value, atLeast: minimum)
        }
        for (name, value) in [
            ("beta1", beta1), ("beta2", beta2), ("warmupShare", warmupShare), ("adapter.dropout", adapter.dropout),
        ] {
            try ConfigurationError.require(name, probability: value)
        }
        for (name, value) in [
            ("peakRate", peakRate), ("epsilon", epsilon), ("layerDecay", layerDecay), ("scale", scale),
            ("adapter.alpha", adapter.alpha),
        ] where !(value > 0 && value.isFinite) {
            throw ConfigurationError(name, expected: "above 0", found: "\(value)")
        }
        for (name, value) in [
            ("maximumMinutes", Float(maximumMinutes)), ("weightDecay", weightDecay), ("clippingNorm", clippingNorm),
        ] where !(value >= 0) {
            throw ConfigurationError(name, expected: "at least 0", found: "\(value)")
        }
        guard adapter.rank == 0 || !adapter.targets.listed.isEmpty else {
            throw ConfigurationError("adapter.targets", expected: "at least one map", found: "none")
        }
    }
}

extension FineTuningSettings {
    /// The optimizer these settings describe.
    func makeOptimizer() -> Adam {
        Adam(
            Adam.Configuration(
                beta1: beta1, beta2: beta2, epsilon: epsilon, decay: weightDecay > 0 ? .matrices(weightDecay) : .zero))
    }

    /// The learning rate's course over this many updates.
    func makeSchedule(total: Int) -> LinearSchedule {
        LinearSchedule(peak: peakRate, warmup: Int(Float(total) * warmupShare), total: total)
    }

    /// What is different for some parameters of a model: those that are frozen, and the rates of lower layers.
    func groups(of model: some Module) -> [ParameterGroup] {
        let frozen = frozen.listed.map { ParameterGroup(ParameterPattern($0), isFrozen: true) }
        guard layerDecay != 1 else { return frozen }
        return frozen + layers(of: model.parameters().map(\.name))
    }

    /// From the bottom to the top: what stands below the layers, the layers, and the head, which has the whole rate.
    private func layers(of names: [String]) -> [ParameterGroup] {
        let parts = names.map { $0.split(separator: ".") }.filter { $0.count > 2 && $0[0] == "encoder" }
        let numbered: Set<Substring> = ["layers", "position_keys", "position_queries"]
        let count = 1 + (parts.filter { $0[1] == "layers" }.compactMap { Int($0[2]) }.max() ?? -1)
        var patterns: [String: Int] = [:]
        for part in parts where part[1] != "norm" {
            if numbered.contains(part[1]), let index = Int(part[2]) {
                patterns["encoder.\(part[1]).\(index).*"] = index + 1
            } else {
                patterns["encoder.\(part[1]).*"] = 0
            }
        }
        return patterns.sorted { $0.key < $1.key }.map { pattern, depth in
            let factor = (depth...count).reduce(Float(1)) { product, _ in product * layerDecay }
            return ParameterGroup(ParameterPattern(pattern), rateFactor: factor)
        }
    }

    /// The loop these settings describe, saving into `directory`.
    func makeConfiguration(
        directory: String, seed: UInt64, updatesPerEpoch: Int, metric: String
    ) -> TrainingConfiguration {
        var configuration = TrainingConfiguration(in: directory, seed: seed)
        configuration.maximumUpdates = maximumUpdates > 0 ? maximumUpdates : nil
        configuration.maximumEpochs = maximumEpochs
        configuration.maximumMinutes = maximumMinutes > 0 ? maximumMinutes : nil
        configuration.accumulationCount = accumulationCount
        configuration.clippingNorm = clippingNorm > 0 ? clippingNorm : nil
        configuration.validationInterval = max(1, updatesPerEpoch / validationsPerEpoch)
        configuration.checkpointInterval = checkpointInterval
        configuration.earlyStoppingPatience = patience
        configuration.selectionMetric = metric
        configuration.snapshots = .best(1)
        return configuration
    }
}

extension String {
    /// What stands between commas.
    fileprivate var listed: [String] {
        split(separator: ",").map { $0.filter { $0 != " " } }.filter { !$0.isEmpty }
    }
}

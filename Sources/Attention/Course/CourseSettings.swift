public import AttentionModels
public import AttentionTensors
import AttentionTraining

/// How a model is trained from its beginning: what is the same for models that write, see and hear.
///
/// The defaults are nanoGPT's (Karpathy 2022), but for the numbers that go with the size of the data: AdamW, a linear climb and half a cosine wave
/// down to a tenth, weight decay on matrices, gradients cut to norm 1.
public struct CourseSettings: Codable, Sendable, Hashable {
    /// Batches per update.
    public var accumulationCount = 1
    /// Updates after which training ends, and the learning rate has fallen to its last value.
    public var maximumUpdates = 5000
    /// Minutes after which training ends before that, all runs together; 0 means no such limit.
    public var maximumMinutes: Double = 0
    /// The highest learning rate.
    public var peakRate: Float = 1e-3
    /// What the learning rate is at the end, as a share of the highest.
    public var finalShare: Float = 0.1
    /// Updates until the highest rate is reached.
    public var warmup = 100
    /// β₁ of Adam.
    public var beta1: Float = 0.9
    /// β₂ of Adam.
    public var beta2: Float = 0.95
    /// ε of Adam.
    public var epsilon: Float = 1e-8
    /// λ of decoupled weight decay, on matrices only.
    public var weightDecay: Float = 0.1
    /// The norm gradients are cut to; 0 means never.
    public var clippingNorm: Float = 1
    /// Updates between validations.
    public var validationInterval = 250
    /// Updates between checkpoints, besides those after validations.
    public var checkpointInterval = 250
    /// Validations without improvement before training ends; 0 means never.
    public var patience = 0
    /// How many of the models that validation liked best are kept and averaged at the end.
    public var snapshotCount = 1
    /// What products and attention round their numbers to while training and validating; parameters and sums stay float32.
    public var precision = Precision.float32
    /// What is kept of the layers of encoders and language models until their derivatives are computed: `recomputed` takes less memory and more time.
    public var activations = Activations.kept

    /// The defaults.
    public init() {}

    /// Throws what is wrong with these settings, if anything is.
    public func validate() throws(ConfigurationError) {
        for (name, value, minimum) in [
            ("accumulationCount", accumulationCount, 1), ("maximumUpdates", maximumUpdates, 1), ("warmup", warmup, 0),
            ("validationInterval", validationInterval, 1), ("checkpointInterval", checkpointInterval, 1),
            ("patience", patience, 0), ("snapshotCount", snapshotCount, 1),
        ] {
            try ConfigurationError.require("training." + name, value, atLeast: minimum)
        }
        for (name, value) in [("beta1", beta1), ("beta2", beta2)] {
            try ConfigurationError.require("training." + name, probability: value)
        }
        for (name, value) in [("peakRate", peakRate), ("epsilon", epsilon)] where !(value > 0 && value.isFinite) {
            throw ConfigurationError("training." + name, expected: "above 0", found: "\(value)")
        }
        for (name, value) in [
            ("maximumMinutes", Float(maximumMinutes)), ("weightDecay", weightDecay), ("clippingNorm", clippingNorm),
        ] where !(value >= 0) {
            throw ConfigurationError("training." + name, expected: "at least 0", found: "\(value)")
        }
        guard finalShare >= 0, finalShare <= 1 else {
            throw ConfigurationError("training.finalShare", expected: "from 0 to 1", found: "\(finalShare)")
        }
    }

    /// The optimizer these settings describe.
    func makeOptimizer() -> Adam {
        Adam(
            Adam.Configuration(
                beta1: beta1, beta2: beta2, epsilon: epsilon, decay: weightDecay > 0 ? .matrices(weightDecay) : .zero))
    }

    /// The learning rate's course.
    func makeSchedule() -> CosineSchedule {
        CosineSchedule(peak: peakRate, floor: peakRate * finalShare, warmup: warmup, total: maximumUpdates)
    }

    /// The loop these settings describe, saving into `directory`.
    func makeConfiguration(directory: String, seed: UInt64) -> TrainingConfiguration {
        var configuration = TrainingConfiguration(in: directory, seed: seed)
        configuration.maximumUpdates = maximumUpdates
        configuration.maximumMinutes = maximumMinutes > 0 ? maximumMinutes : nil
        configuration.accumulationCount = accumulationCount
        configuration.clippingNorm = clippingNorm > 0 ? clippingNorm : nil
        configuration.validationInterval = validationInterval
        configuration.checkpointInterval = checkpointInterval
        configuration.earlyStoppingPatience = patience
        configuration.snapshots = .best(snapshotCount)
        return configuration
    }
}

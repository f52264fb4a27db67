import AttentionMechanisms
public import AttentionModels
public import AttentionTensors
import AttentionTraining

/// Everything that decides how a translation model comes out of its data, beside the data: what `--config` and `--set` can change.
public struct TranslationSettings<Model: Codable & Sendable>: SettingsDocument {
    /// The model's sizes and choices.
    public var model: Model
    /// How it is trained.
    public var training = TranslationTrainingSettings()

    /// The defaults with this model.
    public init(model: Model) { self.model = model }
}

/// The learning rate schedules, as settings name them.
public enum ScheduleKind: String, Codable, Sendable, CaseIterable {
    /// Up linearly, then down with the square root of time (Vaswani et al. 2017, eq. 3).
    case inverseSquareRoot
    /// Up linearly, then down as half a cosine wave to the end of training (Loshchilov & Hutter 2017).
    case cosine
    /// Up linearly, then halved whenever validation stops improving.
    case plateau
    /// Always the peak.
    case constant
}

/// The optimizers, as settings name them.
public enum OptimizerKind: String, Codable, Sendable, CaseIterable {
    /// Along the gradient with Nesterov's momentum (Sutskever et al. 2013).
    case sgd
    /// Adam, with decoupled weight decay (Kingma & Ba 2015; Loshchilov & Hutter 2019).
    case adam
    /// Second moments of rows and columns only (Shazeer & Stern 2018).
    case adafactor
    /// Along the signs of a mean (Chen et al. 2023); wants a tenth to a third of Adam's rate.
    case lion
    /// Orthogonal steps for matrices, Adam for the rest (Jordan et al. 2024).
    case muon
}

/// How a translation model is trained.
public struct TranslationTrainingSettings: Codable, Sendable, Hashable {
    /// Pieces of the tokenizer trained on both sides of the training data, if none is given.
    public var tokenizerSize = 8000
    /// Whether the tokenizer, if one is trained, lower-cases all text.
    public var lowercase = false
    /// The probability with which a merge of the tokenizer is passed over whenever a sentence is read, so that the model sees
    /// many cuts of the same words (BPE dropout, Provilkov et al. 2020).
    public var pieceDropout: Float = 0
    /// Sentences of more pieces than this on either side are left out.
    public var maximumLength = 128
    /// The tokens of a batch, padding included.
    public var batchTokens = 4096
    /// Batches per update.
    public var accumulationCount = 1
    /// Updates after which training ends; 0 means no limit.
    public var maximumUpdates = 20000
    /// Passes over the data after which training ends; 0 means no limit.
    public var maximumEpochs = 0
    /// Minutes after which training ends, all runs together; 0 means no limit.
    public var maximumMinutes: Double = 0
    /// Several files of training data have shares in proportion to their sizes to the power of one over this: 1 is by size, more evens them
    /// out (Arivazhagan et al. 2019).
    public var samplingTemperature: Double = 1
    /// How parameters follow their gradients.
    public var optimizer = OptimizerKind.adam
    /// The learning rate's course.
    public var schedule = ScheduleKind.inverseSquareRoot
    /// The highest learning rate.
    public var peakRate: Float = 1e-3
    /// Updates until it is reached.
    public var warmup = 1000
    /// The updates before `maximumUpdates` over which the rate, whatever the schedule, falls to 0 in a straight line. The model is then
    /// that of the last update: those that were kept before it had not cooled, and an average with them would be worse.
    public var cooldown = 0
    /// μ of SGD and of Muon's matrices.
    public var momentum: Float = 0.95
    /// β₁ of Adam (Kingma & Ba 2015, algorithm 1) and Lion.
    public var beta1: Float = 0.9
    /// β₂ of Adam and Lion.
    public var beta2: Float = 0.98
    /// ε of Adam.
    public var epsilon: Float = 1e-9
    /// λ of decoupled weight decay, on matrices only (Loshchilov & Hutter 2019).
    public var weightDecay: Float = 0
    /// The norm gradients are cut to; 0 means never.
    public var clippingNorm: Float = 1
    /// ε of label smoothing.
    public var smoothing: Float = 0.1
    /// Scheduled sampling: the probability of feeding the model its own prediction rises from 0 to this, linearly over `samplingUpdates`
    /// updates (Bengio et al. 2015; for all positions at once as in Mihaylova & Martins 2019).
    public var samplingProbability: Float = 0
    /// The updates over which that probability rises.
    public var samplingUpdates = 10000
    /// R-Drop: how much two passes with other dropout are to predict the same; 0 makes one pass (Wu et al. 2021, where it is α).
    public var consistency: Float = 0
    /// Minimum risk training: how many translations of its own are drawn for each sentence and judged by sentence BLEU; 0 learns from what people wrote alone. For
    /// models that translate already (Shen et al. 2016).
    public var riskSamples = 0
    /// How much likelier translations count for more there: α of its eq. 10.
    public var riskSharpness: Float = 0.005
    /// Updates between validations.
    public var validationInterval = 500
    /// Updates between checkpoints, besides those after validations.
    public var checkpointInterval = 250
    /// Validations without improvement before training ends; 0 means never.
    public var patience = 10
    /// Which models are kept and averaged at the end: the best by validation loss, or the last.
    public var snapshots = SnapshotKind.best
    /// How many are kept and averaged.
    public var snapshotCount = 5
    /// What products and attention round their numbers to while training and validating; parameters and sums stay float32.
    public var precision = Precision.float32

    /// The defaults, for a small model and everyday sentences.
    public init() {}

    /// Which validated models are averaged.
    public enum SnapshotKind: String, Codable, Sendable, CaseIterable { case best, last }

    /// Throws what is wrong with these settings, if anything is.
    public func validate() throws(ConfigurationError) {
        for (name, value, minimum) in [
            ("tokenizerSize", tokenizerSize, 1), ("maximumLength", maximumLength, 1), ("batchTokens", batchTokens, 1),
            ("accumulationCount", accumulationCount, 1),
            ("maximumUpdates", maximumUpdates, schedule == .cosine ? 1 : 0),
            ("maximumEpochs", maximumEpochs, 0), ("warmup", warmup, 0), ("cooldown", cooldown, 0),
            ("samplingUpdates", samplingUpdates, 1), ("riskSamples", riskSamples, 0),
            ("validationInterval", validationInterval, 1), ("checkpointInterval", checkpointInterval, 1),
            ("patience", patience, 0), ("snapshotCount", snapshotCount, 1),
        ] {
            try ConfigurationError.require("training.\(name)", value, atLeast: minimum)
        }
        for (name, value) in [
            ("momentum", momentum), ("beta1", beta1), ("beta2", beta2), ("smoothing", smoothing),
            ("pieceDropout", pieceDropout),
        ] {
            try ConfigurationError.require("training.\(name)", probability: value)
        }
        for (name, value) in [
            ("peakRate", peakRate), ("epsilon", epsilon), ("samplingTemperature", Float(samplingTemperature)),
            ("riskSharpness", riskSharpness),
        ] where !(value > 0 && value.isFinite) {
            throw ConfigurationError("training.\(name)", expected: "above 0", found: "\(value)")
        }
        for (name, value) in [
            ("maximumMinutes", Float(maximumMinutes)), ("weightDecay", weightDecay), ("clippingNorm", clippingNorm),
            ("consistency", consistency),
        ] where !(value >= 0) {
            throw ConfigurationError("training.\(name)", expected: "at least 0", found: "\(value)")
        }
        guard samplingProbability >= 0, samplingProbability <= 1 else {
            throw ConfigurationError(
                "training.samplingProbability", expected: "from 0 to 1", found: "\(samplingProbability)")
        }
        guard riskSamples == 0 || (consistency == 0 && samplingProbability == 0) else {
            throw ConfigurationError(
                "training.riskSamples",
                expected: "0 beside consistency or samplingProbability, of which each is another loss",
                found: "\(riskSamples)")
        }
    }

    /// The schedule these settings describe.
    func makeSchedule() -> any LearningRateSchedule {
        func cooled(_ course: some LearningRateSchedule) -> any LearningRateSchedule {
            isCooled ? CooledSchedule(course, updates: cooldown, total: maximumUpdates) : course
        }
        return cooled(makeCourse())
    }

    /// Whether the rate is brought down to 0 at the end.
    var isCooled: Bool { cooldown > 0 && maximumUpdates > 0 }

    private func makeCourse() -> any LearningRateSchedule {
        switch schedule {
        case .inverseSquareRoot: InverseSquareRootSchedule(peak: peakRate, warmup: warmup)
        case .cosine: CosineSchedule(peak: peakRate, floor: peakRate / 100, warmup: warmup, total: maximumUpdates)
        case .plateau: PlateauSchedule(peak: peakRate, warmup: warmup)
        case .constant: ConstantSchedule(rate: peakRate)
        }
    }

    /// The optimizer these settings describe.
    func makeOptimizer() -> any Optimizer {
        let decay: WeightDecay = weightDecay > 0 ? .matrices(weightDecay) : .zero
        var moments = Adam.Configuration(beta1: beta1, beta2: beta2, epsilon: epsilon)
        switch optimizer {
        case .sgd: return SGD(momentum: momentum > 0 ? .nesterov(momentum) : .none, decay: decay)
        case .adam:
            moments.decay = decay
            return Adam(moments)
        case .adafactor: return Adafactor(decay: decay)
        case .lion: return Lion(beta1: beta1, beta2: beta2, decay: decay)
        case .muon: return Muon(momentum: momentum, rest: moments, decay: decay)
        }
    }

    /// The teacher forcing these settings describe.
    var teacherForcing: TeacherForcing {
        samplingProbability > 0
            ? .linear(
                start: 1, slope: samplingProbability / Float(max(samplingUpdates, 1)), floor: 1 - samplingProbability)
            : .always
    }

    /// The loop these settings describe, saving into `directory`.
    func makeConfiguration(directory: String, seed: UInt64) -> TrainingConfiguration {
        var configuration = TrainingConfiguration(in: directory, seed: seed)
        configuration.maximumUpdates = maximumUpdates > 0 ? maximumUpdates : nil
        configuration.maximumEpochs = maximumEpochs > 0 ? maximumEpochs : nil
        configuration.maximumMinutes = maximumMinutes > 0 ? maximumMinutes : nil
        configuration.accumulationCount = accumulationCount
        configuration.clippingNorm = clippingNorm > 0 ? clippingNorm : nil
        configuration.validationInterval = validationInterval
        configuration.checkpointInterval = checkpointInterval
        configuration.earlyStoppingPatience = patience
        configuration.snapshots = snapshots == .best ? .best(snapshotCount) : .last(snapshotCount)
        return configuration
    }
}

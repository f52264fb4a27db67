import AttentionModels
import AttentionTensors
public import AttentionTraining

/// Measures how good a model is at a task: by accuracy, or F1 of answers and tags.
///
/// ```swift
/// let test = try ClassifiedText.read(["test.tsv"])
/// let result = try TaskEvaluation(model: "intents").scores(on: .classes(train: [], valid: test))
/// print(result.metrics["accuracy"]!)
/// ```
public struct TaskEvaluation: Sendable {
    /// The model's folder.
    public var model: String
    /// How texts are read: lengths, strides, sizes of batches.
    public var settings: FineTuningSettings

    /// An evaluation of the model in a folder.
    public init(model: String, settings: FineTuningSettings = FineTuningSettings()) {
        (self.model, self.settings) = (model, settings)
    }

    /// The mean loss and the metrics on the examples that `data` would validate with; others are not read.
    /// - Throws: `FineTuningError` if there are none, `PretrainedError.wrongTask` if the model was made for another task; else as `FineTuning`.
    public func scores(on data: FineTuningData) throws -> ValidationResult {
        guard data.counts.valid > 0 else { throw FineTuningError.noExamples(of: "test") }
        return try scores(try data.task(of: model, settings, key: .blank))
    }

    private func scores<Task: TunedTask>(_ task: Task) throws -> ValidationResult {
        try withPrecision(settings.precision) { try task.validation(of: task.initial) }
    }
}

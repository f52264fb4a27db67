import AttentionModels
import AttentionTensors
import AttentionTraining

/// Examples as a model reads them, and the numbers of their classes.
struct ClassBatch<Input: Sendable>: Sendable {
    let input: Input
    let targets: [Int]
}

/// Learning of which class something is: the mean cross-entropy of the right class, some of it spread over all (Szegedy et al. 2016, *Rethinking the
/// Inception Architecture*, sec. 7).
protocol ClassCourseTask: CourseTask where Batches.Batch == ClassBatch<Input> {
    /// What a model reads of a batch.
    associatedtype Input: Sendable
    /// How much of each answer is spread over all classes.
    var smoothing: Float { get }
    /// How many examples there are to choose the best model by.
    var validationCount: Int { get }
    /// How many of them are read at once.
    var batchSize: Int { get }
    /// Some of them.
    func validationBatch(_ range: Range<Int>) throws -> ClassBatch<Input>
    /// The scores of the classes, [B, C].
    func logits(_ model: Model, _ input: Input, training key: RandomKey?) throws -> Tensor
    /// Where all heads look in some examples, [B, H, Q, K] each layer; nothing where no head looks at the whole of an example.
    func attentions(_ model: Model, _ input: Input) throws -> [LayerAttention]
}

extension ClassCourseTask {
    var metric: String? { "accuracy" }

    func loss(_ model: Model, _ batch: ClassBatch<Input>, training key: RandomKey) throws -> LossValue {
        let logits = try logits(model, batch.input, training: key)
        return LossValue(
            total: try logits.crossEntropy(targets: batch.targets, smoothing: smoothing),
            weight: Double(batch.targets.count))
    }

    func patient(of model: Model) throws -> (any AttentionPatient)? {
        let input = try validationBatch(0..<min(2, validationCount)).input
        return ClassPatient(parameters: model.parameters(), layers: try attentions(model, input))
    }

    func validation(of model: Model) throws -> ValidationResult {
        var (loss, rightCount, done) = (0.0, 0, 0)
        while done < validationCount {
            try StopSignal.check()
            let batch = try validationBatch(done..<min(validationCount, done + batchSize))
            let logits = try logits(model, batch.input, training: nil)
            loss += Double(try logits.crossEntropy(targets: batch.targets).scalar)
            rightCount += zip(logits.indicesOfMaximum(), batch.targets).count { $0 == $1 }
            done += batch.targets.count
        }
        let count = Double(validationCount)
        return ValidationResult(loss: loss / count, metrics: ["accuracy": Double(rightCount) / count])
    }
}

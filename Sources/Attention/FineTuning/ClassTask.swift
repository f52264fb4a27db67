import AttentionFiles
import AttentionModels
import AttentionTensors
import AttentionText
import AttentionTraining

/// Learning which class a text is of: the mean cross-entropy of the right class (Devlin et al. 2019, sec. 4.1).
struct ClassTask: TunedTask {
    let folder: PretrainedFolder
    let text: TextModel
    let head: SequenceHead
    let fresh: [String]
    let train: [TunedText<Int>]
    let valid: [TunedText<Int>]
    let cutCount: Int

    var initial: EncoderModel { text.model }
    var labels: [String] { head.labels }
    var metric: String { "accuracy" }

    init(
        _ folder: PretrainedFolder, train: [ClassifiedText], valid: [ClassifiedText], _ settings: FineTuningSettings,
        key: RandomKey
    ) throws {
        let found = Set(train.map(\.label)).sorted()
        guard found.count > 1 || found.isEmpty else { throw FineTuningError.oneLabel(found[0]) }
        let start = try folder.start(for: .sequences, labels: found, learningFrom: train.count, settings, key: key)
        guard case .sequences(let head) = start.model.head else {
            throw PretrainedError.wrongTask(
                needed: EncoderTask.sequences.description, found: "another", folder: folder.path)
        }
        let text = try TextModel(folder: folder, model: start.model, lengthLimit: settings.maximumLength)
        // A folder may call two classes alike: examples are of the first.
        let indices = Dictionary(
            head.labels.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first })
        var run = TaskRun()
        func encoded(_ examples: [ClassifiedText]) throws -> [TunedText<Int>] {
            let encodings = try text.encode(examples.map { EncodingInput($0.text, pair: $0.pair) }, in: &run)
            return try zip(examples, encodings).map { example, encoding in
                guard let index = indices[example.label] else {
                    throw FineTuningError.unknownLabel(
                        example.label, example: example.text, nearest: NearestName.of(example.label, among: found))
                }
                return TunedText(encoding, index)
            }
        }
        self.train = try encoded(train)
        let cutCount = run.cutTexts.count
        self.valid = try encoded(valid)
        (self.folder, self.text, self.head, fresh, self.cutCount) = (folder, text, head, start.fresh, cutCount)
    }

    /// The classes' logits, [B, C].
    private func logits(
        _ model: EncoderModel, _ batch: [TunedText<Int>], training key: RandomKey?
    ) throws -> Tensor {
        guard case .sequences(let head) = model.head else { return .zeros([batch.count, labels.count]) }
        let rows = try text.batch(batch)
        let states = try model.encoder.encode(rows, observing: .nothing, training: key?[0]).last
        return try head(states, present: rows.present, training: key?[1])
    }

    func loss(_ model: EncoderModel, _ batch: [TunedText<Int>], training key: RandomKey?) throws -> LossValue {
        let logits = try logits(model, batch, training: key)
        return LossValue(total: try logits.crossEntropy(targets: batch.map { $0.target }), weight: Double(batch.count))
    }

    func patient(of model: EncoderModel) -> any AttentionPatient {
        text.patient(model.encoder, reading: valid.map { ($0.ids, $0.types) })
    }

    func validation(of model: EncoderModel) throws -> ValidationResult {
        var (loss, rightCount) = (0.0, 0)
        for batch in text.batches(valid) {
            try StopSignal.check()
            let logits = try logits(model, batch, training: nil)
            loss += Double(try logits.crossEntropy(targets: batch.map { $0.target }).scalar)
            rightCount += zip(logits.indicesOfMaximum(), batch).count { $0 == $1.target }
        }
        let count = Double(valid.count)
        return ValidationResult(loss: loss / count, metrics: [metric: Double(rightCount) / count])
    }

    func write(
        _ model: EncoderModel, _ adapters: AdapterPlan?, changing members: [JSONMember], to directory: String
    ) throws {
        try write(model, adapters, of: folder, as: .sequences, changing: members, to: directory)
    }
}

import AttentionFiles
import AttentionModels
import AttentionSignals
import AttentionTensors
import AttentionTraining

/// Learning which class a sound is of.
struct SoundTask: ClassCourseTask {
    /// A spectrogram and the number of its class.
    private struct Example: Sendable {
        let values: [Float]
        let target: Int
    }

    let start: TrainableModel<SpectrogramModel>
    let batches: MappedBatches<FixedBatches<FixedExamples<Int>>, ClassBatch<[Float]>>
    let data: String
    let identity: [String: String]
    let batchSize: Int
    let smoothing: Float
    private let valid: [Example]
    private let processing: [UInt8]

    /// Whole, since one process trains.
    func batches(
        _ exchange: any GradientExchange, _ division: BatchDivision
    ) -> MappedBatches<FixedBatches<FixedExamples<Int>>, ClassBatch<[Float]>> { batches }

    var lossName: String { "loss per sound (nats)" }
    var validationCount: Int { valid.count }

    init(train: [LabeledSound], valid: [LabeledSound], _ settings: SoundSettings, seed: UInt64) throws {
        guard let first = train.first else { throw SoundTrainingError.noSounds("the training data") }
        guard !valid.isEmpty else { throw SoundTrainingError.noSounds("the validation data") }
        let indices = ClassIndices(of: train.map(\.label))
        guard indices.labels.count > 1 else { throw SoundTrainingError.oneClass(first.label) }
        let hearing = settings.sounds.completed(by: first.sound)
        let statistics = try SoundStatistics(train.map(\.sound), heard: hearing)
        let processing = statistics.processor(heard: hearing)
        let processor = try AudioProcessor(configuration: processing)
        func examples(_ sounds: [LabeledSound]) throws -> [Example] {
            try sounds.map { sound in
                guard let target = indices[sound.label] else {
                    throw SoundTrainingError.unknownClass(sound.label, known: indices.labels)
                }
                guard case .spectrogram(let spectrogram) = try processor(sound.sound) else {
                    preconditionFailure("a processor of spectrograms makes spectrograms")
                }
                return Example(values: spectrogram.values, target: target)
            }
        }
        let (learnt, asked) = (try examples(train), try examples(valid))
        let augmentation = SpectrogramAugmentation(
            settings: hearing, silence: Float(-statistics.mean / (2 * statistics.deviation)))
        let key = RandomKey(seed: seed)
        batches = FixedBatches(FixedExamples(Array(learnt.indices)), size: hearing.batchSize, seed: key[1].seed)
            .mapped(key: key[2]) { indices, key in
                let heard = indices.enumerated().flatMap { place, index in
                    augmentation(learnt[index].values, bandCount: hearing.bandCount, key: key[place])
                }
                return ClassBatch(input: heard, targets: indices.map { learnt[$0].target })
            }
        start = try TrainableModel(
            settings.model, bandCount: hearing.bandCount, frameCount: hearing.frameCount, labels: indices.labels,
            key: key[0])
        data =
            "\(train.count) sounds of \(indices.labels.count) classes, \(hearing.frameCount) moments of \(hearing.bandCount) bands"
        identity = [
            "training data":
                "\(train.count) sounds (\(Fingerprint(of: train.map(\.sound), names: train.map(\.label))))",
            "validation data":
                "\(valid.count) sounds (\(Fingerprint(of: valid.map(\.sound), names: valid.map(\.label))))",
        ]
        (self.valid, self.processing) = (asked, processing)
        (batchSize, smoothing) = (hearing.batchSize, hearing.smoothing)
    }

    func logits(_ model: SpectrogramModel, _ spectrograms: [Float], training key: RandomKey?) throws -> Tensor {
        let input = try input(of: model, spectrograms)
        guard let logits = try model.logits(try model.encoder.encode(input, training: key).last) else {
            preconditionFailure("what is trained has classes")
        }
        return logits
    }

    func attentions(_ model: SpectrogramModel, _ spectrograms: [Float]) throws -> [LayerAttention] {
        try model.encoder.encode(try input(of: model, spectrograms), observing: Observation(attentions: .all))
            .attentions
    }

    /// Spectrograms of the size that a model hears, [B, height, width].
    private func input(of model: SpectrogramModel, _ spectrograms: [Float]) throws -> Tensor {
        let size = model.encoder.size
        return try Tensor(
            spectrograms, shape: [spectrograms.count / (size.height * size.width), size.height, size.width])
    }

    func validationBatch(_ range: Range<Int>) -> ClassBatch<[Float]> {
        ClassBatch(input: valid[range].flatMap(\.values), targets: valid[range].map(\.target))
    }

    func write(_ model: SpectrogramModel, to directory: String) throws {
        try AtomicFile.write(processing, to: directory + "/preprocessor_config.json")
        try start.write(model, to: directory)
    }
}

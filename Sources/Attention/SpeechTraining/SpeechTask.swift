import AttentionDecoding
import AttentionEvaluation
import AttentionFiles
import AttentionModels
import AttentionSignals
import AttentionTensors
import AttentionText
import AttentionTraining

/// Learning to write down what is said: −ln P of the characters, whenever they are said, for each of them (Graves et al. 2006).
struct SpeechTask: CourseTask {
    let start: TrainableModel<WaveformModel>
    let batches: MappedBatches<SimilarBatches<FixedExamples<SpokenExample>>, SpokenBatch>
    let data: String
    let identity: [String: String]
    let vocabulary: CharacterVocabulary
    private let valid: [SpokenBatch]
    /// A sound of middling length, for the doctor.
    private let examined: SpokenBatch
    private let processing: [UInt8]

    /// Whole, since one process trains.
    func batches(
        _ exchange: any GradientExchange, _ division: BatchDivision
    ) -> MappedBatches<SimilarBatches<FixedExamples<SpokenExample>>, SpokenBatch> { batches }

    var lossName: String { "loss per character (nats)" }
    var metric: String? { "characterAccuracy" }

    init(train: [TranscribedSound], valid: [TranscribedSound], _ settings: SpeechSettings, seed: UInt64) throws {
        guard let first = train.first else { throw SpeechTrainingError.noSounds("the training data") }
        guard !valid.isEmpty else { throw SpeechTrainingError.noSounds("the validation data") }
        let listening = settings.sounds.completed(by: first.sound)
        let vocabulary = CharacterVocabulary(of: train.map { settings.texts.spell($0.text).text })
        let key = RandomKey(seed: seed)
        let start = try TrainableModel(
            settings.model, sampleRate: listening.sampleRate, vocabularySize: vocabulary.count,
            blank: vocabulary.blank, key: key[0])
        let processing = listening.processor
        let processor = try AudioProcessor(configuration: processing)
        func examples(_ sounds: [TranscribedSound], of name: String) throws -> SpokenExamples {
            let found = try SpokenExamples(
                sounds, settings, vocabulary: vocabulary, processor: processor, features: start.model.encoder.features)
            guard !found.examples.isEmpty else {
                throw SpeechTrainingError.nothingLeft(name, omitted: "\(found.omission)")
            }
            return found
        }
        let (learnt, asked) = (
            try examples(train, of: "the training data"), try examples(valid, of: "the validation data")
        )
        let masking = MomentMasking(share: listening.maskedShare, length: listening.maskedLength)
        batches = SimilarBatches(FixedExamples(learnt.examples), size: listening.batchSize, seed: key[1].seed)
            .mapped(key: key[2]) { examples, key in
                try SpokenBatch(examples, heard: try masking(examples.map(\.momentCount), key: key))
            }
        let sorted = asked.examples.sorted { $0.length < $1.length }
        var validBatches: [SpokenBatch] = []
        for first in stride(from: 0, to: sorted.count, by: listening.batchSize) {
            validBatches.append(
                try SpokenBatch(Array(sorted[first..<min(sorted.count, first + listening.batchSize)])))
        }
        (self.valid, examined) = (validBatches, try SpokenBatch([sorted[sorted.count / 2]]))
        data = Self.summary(of: learnt, asked, characterCount: vocabulary.count - 3, sampleRate: listening.sampleRate)
        identity = [
            "training data": "\(train.count) sounds (\(Fingerprint(of: train.map(\.sound), names: train.map(\.text))))",
            "validation data":
                "\(valid.count) sounds (\(Fingerprint(of: valid.map(\.sound), names: valid.map(\.text))))",
        ]
        (self.start, self.vocabulary, self.processing) = (start, vocabulary, processing)
    }

    /// What is learnt from, and what is left out.
    private static func summary(
        of learnt: SpokenExamples, _ asked: SpokenExamples, characterCount: Int, sampleRate: Int
    ) -> String {
        let seconds = learnt.examples.reduce(0) { $0 + $1.samples.count } / sampleRate
        return "\(learnt.examples.count) sounds, \(seconds) seconds, \(characterCount) characters"
            + (learnt.omission.isEmpty ? "" : "; left out: \(learnt.omission)")
            + (asked.omission.isEmpty ? "" : "; left out of those to choose by: \(asked.omission)")
    }

    /// The logits of characters at each moment, [B, K, V].
    private func logits(
        _ model: WaveformModel, _ batch: SpokenBatch, training key: RandomKey?
    ) throws(ShapeError) -> Tensor {
        var extracted = try model.encoder.extract(batch.samples)
        if let heard = batch.heard { extracted = extracted * heard }
        guard let logits = try model.logits(extracted: extracted, lengths: batch.lengths, training: key) else {
            preconditionFailure("what is trained has characters")
        }
        return logits
    }

    /// The sum over all sounds of −ln P of their characters.
    private func loss(_ logits: Tensor, _ batch: SpokenBatch) throws(ShapeError) -> Tensor {
        try ctcLoss(
            logits, lengths: batch.momentCounts, targets: batch.characters, blank: vocabulary.blank
        ).sum()
    }

    func loss(_ model: WaveformModel, _ batch: SpokenBatch, training key: RandomKey) throws -> LossValue {
        LossValue(
            total: try loss(try logits(model, batch, training: key), batch), weight: Double(batch.characterCount))
    }

    func validation(of model: WaveformModel) throws -> ValidationResult {
        let search = CTCSearch(blank: vocabulary.blank)
        var (total, characterCount) = (0.0, 0)
        var (words, characters) = (ErrorRate(of: .words), ErrorRate(of: .characters))
        for batch in valid {
            try StopSignal.check()
            let logits = try logits(model, batch, training: nil)
            total += Double(try loss(logits, batch).scalar)
            characterCount += batch.characterCount
            for (row, text) in batch.texts.enumerated() {
                let own = try logits.at(row).sliced(axis: 0, 0..<batch.momentCounts[row])
                let found = vocabulary.decode(try search(own).labels)
                words.add(found, reference: text)
                characters.add(found, reference: text)
            }
        }
        return ValidationResult(
            loss: total / Double(max(1, characterCount)),
            metrics: ["characterAccuracy": 1 - characters.rate, "wordAccuracy": 1 - words.rate])
    }

    func patient(of model: WaveformModel) throws -> (any AttentionPatient)? {
        let seen = try model.encoder.encode(examined.samples, observing: Observation(attentions: .all))
        return ClassPatient(parameters: model.parameters(), layers: seen.attentions)
    }

    func write(_ model: WaveformModel, to directory: String) throws {
        try vocabulary.write(to: directory)
        try AtomicFile.write(processing, to: directory + "/preprocessor_config.json")
        try start.write(model, to: directory)
    }
}

import AttentionEvaluation
import AttentionFiles
import AttentionModels
import AttentionTensors
import AttentionText
import AttentionTraining

/// Learning what each word of a text is: the mean cross-entropy of the right tags, each at the first piece of its word (Devlin et al. 2019,
/// sec. 5.3).
struct TagTask: TunedTask {
    let folder: PretrainedFolder
    let text: TextModel
    let labels: [String]
    let fresh: [String]
    let train: [TunedText<[Int?]>]
    let valid: [TunedText<[Int?]>]
    let cutCount: Int

    var initial: EncoderModel { text.model }
    var metric: String { "f1" }

    init(
        _ folder: PretrainedFolder, train: [TaggedWords], valid: [TaggedWords], _ settings: FineTuningSettings,
        key: RandomKey
    ) throws {
        // What is nothing comes first, as everywhere.
        let found = Set(train.flatMap(\.tags)).sorted { ($0 == "O" ? "" : $0) < ($1 == "O" ? "" : $1) }
        guard found.count > 1 || found.isEmpty else { throw FineTuningError.oneLabel(found[0]) }
        let start = try folder.start(for: .tokens, labels: found, learningFrom: train.count, settings, key: key)
        let labels = start.model.head.labels
        let text = try TextModel(folder: folder, model: start.model, lengthLimit: settings.maximumLength)
        // A folder may call two classes alike: examples are of the first.
        let indices = Dictionary(
            labels.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first })
        var run = TaskRun()
        func encoded(_ examples: [TaggedWords]) throws -> [TunedText<[Int?]>] {
            let encodings = try text.encode(examples.map { EncodingInput($0.words.joined(separator: " ")) }, in: &run)
            return try zip(examples, encodings).map { example, encoding in
                if let tag = example.tags.first(where: { indices[$0] == nil }) {
                    throw FineTuningError.unknownLabel(
                        tag, example: example.words.joined(separator: " "),
                        nearest: NearestName.of(tag, among: found))
                }
                let targets = encoding.firstPieces(of: example.words).map { word in
                    word.flatMap { indices[example.tags[$0]] }
                }
                guard targets.contains(where: { $0 != nil }) else {
                    throw FineTuningError.noPieces(example.words.joined(separator: " "))
                }
                return TunedText(encoding, targets)
            }
        }
        self.train = try encoded(train)
        let own = run.cutTexts.count
        self.valid = try encoded(valid)
        (self.folder, self.text, self.labels, fresh, self.cutCount) = (folder, text, labels, start.fresh, own)
    }

    /// The tags' logits, [B · L, C], and the targets of as many pieces.
    private func logits(
        _ model: EncoderModel, _ batch: [TunedText<[Int?]>], training key: RandomKey?
    ) throws -> (logits: Tensor, targets: [Int?]) {
        let rows = try text.batch(batch)
        let count = rows.rowCount * rows.length
        guard case .tokens(let head) = model.head else { return (.zeros([count, labels.count]), []) }
        let states = try model.encoder.encode(rows, observing: .nothing, training: key?[0]).last
        let targets = batch.flatMap { text in
            text.target + [Int?](repeating: nil, count: rows.length - text.target.count)
        }
        return (try head(states, training: key?[1]).reshaped(to: [count, labels.count]), targets)
    }

    func loss(_ model: EncoderModel, _ batch: [TunedText<[Int?]>], training key: RandomKey?) throws -> LossValue {
        let (logits, targets) = try logits(model, batch, training: key)
        return LossValue(
            total: try logits.crossEntropy(targets: targets), weight: Double(targets.count { $0 != nil }))
    }

    func patient(of model: EncoderModel) -> any AttentionPatient {
        text.patient(model.encoder, reading: valid.map { ($0.ids, $0.types) })
    }

    func validation(of model: EncoderModel) throws -> ValidationResult {
        var (loss, count, rightCount) = (0.0, 0, 0)
        var entities = EntityScore()
        for batch in text.batches(valid) {
            try StopSignal.check()
            let (logits, targets) = try logits(model, batch, training: nil)
            loss += Double(try logits.crossEntropy(targets: targets).scalar)
            let (found, length) = (logits.indicesOfMaximum(), targets.count / batch.count)
            for row in batch.indices {
                let places = (row * length..<(row + 1) * length).filter { targets[$0] != nil }
                let (tags, wanted) = (places.map { labels[found[$0]] }, places.map { labels[targets[$0] ?? 0] })
                entities.add(tags, expected: wanted)
                rightCount += zip(tags, wanted).count { $0 == $1 }
                count += places.count
            }
        }
        let total = Double(max(1, count))
        return ValidationResult(
            loss: loss / total, metrics: ["f1": entities.f1, "accuracy": Double(rightCount) / total])
    }

    func write(
        _ model: EncoderModel, _ adapters: AdapterPlan?, changing members: [JSONMember], to directory: String
    ) throws {
        try write(model, adapters, of: folder, as: .tokens, changing: members, to: directory)
    }
}

extension Encoding {
    /// For each piece the word that it is the first of, where these words have been joined by spaces; nil for other pieces.
    fileprivate func firstPieces(of words: [String]) -> [Int?] {
        var starts: [Int] = []
        var end = 0
        for word in words {
            starts.append(end)
            end += word.unicodeScalars.count + 1
        }
        var (last, word) = (-1, 0)
        let (specialTokensMask, offsets) = (specialTokensMask, offsets)
        return ids.indices.map { place in
            guard !specialTokensMask[place], !offsets[place].isEmpty else { return nil }
            while word + 1 < starts.count, starts[word + 1] <= offsets[place].lowerBound { word += 1 }
            // A piece may begin with the space before its word.
            if word + 1 < starts.count, starts[word + 1] < offsets[place].upperBound { word += 1 }
            guard word > last else { return nil }
            last = word
            return word
        }
    }
}

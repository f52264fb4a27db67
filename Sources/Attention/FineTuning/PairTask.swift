import AttentionFiles
import AttentionModels
import AttentionTensors
import AttentionText
import AttentionTraining

/// Learning which texts belong together: the cross-entropy of each text's own partner among the partners of all texts of the batch, by their
/// cosines times a scale (Henderson et al. 2017, *Efficient Natural Language Response Suggestion*, sec. 4; multiple-negatives ranking).
struct PairTask: TunedTask {
    let path: String
    let modules: EmbeddingModules
    let folder: PretrainedFolder
    let text: TextModel
    let initial: TunedEmbedder
    let train: [Pair]
    let valid: [Pair]
    let cutCount: Int
    let scale: Float
    let batchSize: Int

    /// Two texts in pieces.
    struct Pair: TrainingExample {
        let anchor: TunedText<Void>
        let positive: TunedText<Void>

        var length: ExampleLength { ExampleLength(anchor.length.longest, positive.length.longest) }
    }

    var fresh: [String] { [] }
    var labels: [String] { [] }
    var metric: String { "accuracy" }
    /// The partners of the others are what a text does not belong to.
    var comparesExamples: Bool { true }

    init(
        _ path: String, train: [AlikeTexts], valid: [AlikeTexts], _ settings: FineTuningSettings, key: RandomKey
    ) throws {
        let modules = try EmbeddingModules(path: path)
        let folder = try PretrainedFolder(path: modules.encoderPath)
        let start = try folder.start(for: .features, labels: [], learningFrom: train.count, settings, key: key)
        let limit = min(settings.maximumLength, modules.lengthLimit ?? .max)
        let text = try TextModel(folder: folder, model: start.model, lengthLimit: limit)
        let prefix = modules.defaultPrompt.flatMap { modules.prompts[$0] } ?? ""
        var run = TaskRun()
        func encoded(_ pairs: [AlikeTexts]) throws -> [Pair] {
            let anchors = try text.encode(pairs.map { EncodingInput(prefix + $0.anchor) }, in: &run)
            let positives = try text.encode(pairs.map { EncodingInput(prefix + $0.positive) }, in: &run)
            return zip(anchors, positives).map { anchor, positive in
                Pair(anchor: TunedText(anchor, ()), positive: TunedText(positive, ()))
            }
        }
        self.train = try encoded(train)
        cutCount = run.cutTexts.count
        self.valid = try encoded(valid)
        (self.path, self.modules, self.folder, self.text) = (path, modules, folder, text)
        initial = TunedEmbedder(encoder: start.model, stages: modules.stages)
        (scale, batchSize) = (settings.scale, settings.batchSize)
    }

    /// The unit vectors of texts, [B, M].
    private func vectors(
        _ model: TunedEmbedder, _ texts: [TunedText<Void>], training key: RandomKey?
    ) throws -> Tensor {
        let rows = try text.batch(texts)
        var vectors = try model.encoder.encoder.encode(rows, observing: .nothing, training: key).last
        for stage in model.stages { vectors = try stage(vectors, present: rows.present) }
        let unit = EmbeddingStage.normalize
        return try unit(vectors, present: rows.present)
    }

    /// The scaled cosines of all anchors with all partners, [B, B].
    private func scores(_ model: TunedEmbedder, _ batch: [Pair], training key: RandomKey?) throws -> Tensor {
        let anchors = try vectors(model, batch.map(\.anchor), training: key?[0])
        let positives = try vectors(model, batch.map(\.positive), training: key?[1])
        return try matmul(anchors, positives.transposed()) * scale
    }

    func loss(_ model: TunedEmbedder, _ batch: [Pair], training key: RandomKey?) throws -> LossValue {
        let scores = try scores(model, batch, training: key)
        return LossValue(total: try scores.crossEntropy(targets: batch.indices.map { $0 }), weight: Double(batch.count))
    }

    func patient(of model: TunedEmbedder) -> any AttentionPatient {
        text.patient(model.encoder.encoder, reading: valid.map { ($0.anchor.ids, $0.anchor.types) })
    }

    /// The loss and the share of texts that are nearest to their own partners, in batches as large as those of training, in the order given.
    func validation(of model: TunedEmbedder) throws -> ValidationResult {
        var (loss, rightCount) = (0.0, 0)
        for start in stride(from: 0, to: valid.count, by: batchSize) {
            try StopSignal.check()
            let batch = Array(valid[start..<min(valid.count, start + batchSize)])
            let scores = try scores(model, batch, training: nil)
            loss += Double(try scores.crossEntropy(targets: batch.indices.map { $0 }).scalar)
            rightCount += scores.indicesOfMaximum().enumerated().count { $0.offset == $0.element }
        }
        let count = Double(valid.count)
        return ValidationResult(loss: loss / count, metrics: [metric: Double(rightCount) / count])
    }

    func write(
        _ model: TunedEmbedder, _ adapters: AdapterPlan?, changing members: [JSONMember], to directory: String
    ) throws {
        let place = String(modules.encoderPath.dropFirst(path.count))  // "", or "/0_Transformer"
        try TokenizerFiles.copy(from: folder.path, to: directory + place)
        if let adapters {
            return try folder.writeAdapters(of: model.encoder, adapters, as: .features, to: directory)
        }
        try modules.copy(to: directory)
        try folder.write(model.encoder, as: .features, changing: members, to: directory + place)
        for (stage, name) in zip(model.stages, modules.stagePaths) {
            guard case .dense(let map, _) = stage, let name else { continue }
            let entries = map.parameters().map { Safetensors.Entry("linear." + $0.name, $0.parameter.tensor) }
            try Safetensors.write(
                entries, metadata: ["format": "pt"], to: directory + "/" + name + "/model.safetensors")
        }
    }
}

/// An encoder and what makes one vector of a text.
struct TunedEmbedder: Module {
    var encoder: EncoderModel
    var stages: [EmbeddingStage]

    /// `encoder.…`, `head.…` and `stages.0.…`.
    mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try encoder.visit(&visitor, path)
        try stages.visit(&visitor, path / "stages")
    }
}

import AttentionEvaluation
import AttentionFiles
import AttentionModels
import AttentionSignals
import AttentionTensors
import AttentionTraining

/// Pictures as a model reads them, and what is on them.
struct DetectionBatch: Sendable {
    let pixels: PixelBatch
    let truths: [SetPredictionLoss.Truth]
}

/// Learning what is on pictures, and where: the mean loss of an object, by what is answered behind the encoder and each layer of the decoder (Carion et
/// al. 2020, sec. 3.2; Zhu et al. 2021).
struct DetectionTask: CourseTask {
    let start: TrainableModel<PlaceDetectionModel>
    let batches: MappedBatches<FixedBatches<FixedExamples<Int>>, DetectionBatch>
    let data: String
    let identity: [String: String]
    private let valid: [BoxedPicture]
    private let batchSize: Int
    private let classes: ClassIndices
    private let processor: ImageProcessor
    private let processing: [UInt8]

    /// Whole, since one process trains.
    func batches(
        _ exchange: any GradientExchange, _ division: BatchDivision
    ) -> MappedBatches<FixedBatches<FixedExamples<Int>>, DetectionBatch> { batches }

    var lossName: String { "loss per object" }
    var metric: String? { "AP" }

    init(train: [BoxedPicture], valid: [BoxedPicture], _ settings: DetectionSettings, seed: UInt64) throws {
        guard let first = train.first?.image else { throw DetectionTrainingError.noPictures("the training data") }
        guard !valid.isEmpty else { throw DetectionTrainingError.noPictures("the validation data") }
        let classes = ClassIndices(of: train.flatMap(\.objects).map(\.label))
        guard !classes.labels.isEmpty else { throw DetectionTrainingError.noObjects }
        for picture in train + valid {
            guard (picture.image.height, picture.image.width) == (first.height, first.width) else {
                throw DetectionTrainingError.otherSize(
                    expected: "\(first.width) by \(first.height)",
                    found: "one of \(picture.image.width) by \(picture.image.height)")
            }
            if let other = picture.objects.first(where: { classes[$0.label] == nil }) {
                throw DetectionTrainingError.unknownClass(other.label, known: classes.labels)
            }
        }
        let processing = PictureStatistics(train.map(\.image))
            .processor(of: ImageSize(height: first.height, width: first.width))
        let processor = try ImageProcessor(configuration: processing)
        let augmentation = BoxAugmentation(settings: settings.pictures)
        let key = RandomKey(seed: seed)
        batches = FixedBatches(
            FixedExamples(Array(train.indices)), size: settings.pictures.batchSize, seed: key[1].seed
        ).mapped(key: key[2]) { indices, key in
            var pictures: [BoxedPicture] = []
            for (place, index) in indices.enumerated() {
                pictures.append(try augmentation(train[index], key: key[place]))
            }
            return DetectionBatch(
                pixels: try processor(pictures.map(\.image)), truths: try pictures.map { try $0.truth(classes) })
        }
        start = try settings.model.trainable(labels: classes.labels, key: key[0])
        let objectCount = train.reduce(0) { $0 + $1.objectCount }
        data =
            "\(objectCount) objects of \(classes.labels.count) classes on \(train.count) pictures, \(first.width) by \(first.height)"
        identity = [
            "training data": "\(train.count) pictures (\(Fingerprint(of: train)))",
            "validation data": "\(valid.count) pictures (\(Fingerprint(of: valid)))",
        ]
        (self.valid, batchSize, self.classes) = (valid, settings.pictures.batchSize, classes)
        (self.processor, self.processing) = (processor, processing)
    }

    func loss(_ model: PlaceDetectionModel, _ batch: DetectionBatch, training key: RandomKey) throws -> LossValue {
        let output = try model(try Tensor(batch.pixels), training: key)
        return try loss(output, batch.truths)
    }

    /// The sum over what is answered at several depths, with the parts of the last, which counts.
    private func loss(
        _ output: PlaceDetectionModel.Output, _ truths: [SetPredictionLoss.Truth]
    ) throws(ShapeError) -> LossValue {
        var (total, parts): (Tensor, [String: Float]) = (Tensor(Float(0)), [:])
        for (logits, boxes) in zip(output.logits, output.boxes) {
            let found = try FocalSetLoss()(logits: logits, boxes: boxes, truths: truths)
            total = total + found.total
            parts = [
                "classes": found.classes.scalar, "boxes": found.boxes.scalar, "overlap": found.overlap.scalar,
            ]
        }
        let objectCount = truths.reduce(0) { $0 + $1.classes.count }
        return LossValue(total: total, weight: Double(max(1, objectCount)), parts: parts)
    }

    func validation(of model: PlaceDetectionModel) throws -> ValidationResult {
        var (loss, weight, done) = (0.0, 0.0, 0)
        var judged: [(truths: [TrueBox], found: [FoundBox])] = []
        while done < valid.count {
            try StopSignal.check()
            let pictures = Array(valid[done..<min(valid.count, done + batchSize)])
            let output = try model(try Tensor(try processor(pictures.map(\.image)) as PixelBatch))
            let value = try self.loss(output, try pictures.map { try $0.truth(classes) })
            (loss, weight) = (loss + Double(value.total.scalar), weight + value.weight)
            let found = output.found
            for (row, picture) in pictures.enumerated() {
                judged.append(
                    (
                        truths: picture.trueBoxes(classes),
                        found: try found.answers(about: row, above: 0).map { $0.found(on: picture.image) }
                    ))
            }
            done += pictures.count
        }
        let score = MeanAveragePrecision(judged)
        return ValidationResult(
            loss: loss / max(1, weight), metrics: ["AP": score.mean ?? 0, "AP50": score.atHalf ?? 0])
    }

    func patient(of model: PlaceDetectionModel) throws -> (any AttentionPatient)? {
        let pixels: PixelBatch = try processor(valid.prefix(2).map(\.image))
        let seen = try model(try Tensor(pixels), observing: .all)
        return ClassPatient(parameters: model.parameters(), layers: seen.encoded.attentions)
    }

    func write(_ model: PlaceDetectionModel, to directory: String) throws {
        try AtomicFile.write(processing, to: directory + "/preprocessor_config.json")
        try start.write(model, to: directory)
    }
}

extension BoxedPicture {
    /// What is to be learnt from it: its objects, as shares of the picture.
    fileprivate func truth(_ classes: ClassIndices) throws(ShapeError) -> SetPredictionLoss.Truth {
        func share(_ length: Double, of whole: Int) -> Float { Float(min(1, max(0, length / Double(whole)))) }
        var (numbers, boxes): ([Int], [[Float]]) = ([], [])
        for object in objects where !object.isCrowd {
            guard let number = classes[object.label] else { continue }
            let box = object.box
            numbers.append(number)
            boxes.append([
                share(box.left + box.width / 2, of: image.width), share(box.top + box.height / 2, of: image.height),
                share(box.width, of: image.width), share(box.height, of: image.height),
            ])
        }
        return try SetPredictionLoss.Truth(classes: numbers, boxes: boxes)
    }

    /// What is to be found on it.
    func trueBoxes(_ classes: ClassIndices) -> [TrueBox] {
        objects.compactMap { object in
            classes[object.label].map { TrueBox(label: $0, box: object.box, isCrowd: object.isCrowd) }
        }
    }
}

extension SlotAnswer {
    /// What was found, in pixels of the picture.
    fileprivate func found(on image: Image) -> FoundBox {
        let (width, height) = (Double(image.width), Double(image.height))
        let corners = box.map(Double.init)
        return FoundBox(
            label: label,
            box: PictureBox(
                left: corners[0] * width, top: corners[1] * height, width: (corners[2] - corners[0]) * width,
                height: (corners[3] - corners[1]) * height), score: Double(score))
    }
}

extension Fingerprint {
    /// The fingerprint of pictures and what is on them, in their order.
    fileprivate init(of pictures: [BoxedPicture]) {
        self.init(
            of: pictures.lazy.map { picture -> (bytes: [UInt8], name: String) in
                let objects = picture.objects.map { "\($0.label) \($0.box) \($0.isCrowd)" }
                return (bytes: picture.image.samples, name: objects.joined(separator: "\n"))
            })
    }
}

import AttentionFiles
import AttentionModels
import AttentionSignals
import AttentionTensors
import AttentionTraining

/// Learning which class a picture is of: the mean cross-entropy of the right class, some of it spread over all (Szegedy et al. 2016, *Rethinking the
/// Inception Architecture*, sec. 7).
struct ImageTask: CourseTask {
    /// Pictures as a model sees them, and their classes.
    struct Batch: Sendable {
        let pixels: PixelBatch
        let targets: [Int]
    }

    /// A picture and the number of its class.
    private struct Example: Sendable {
        let image: Image
        let target: Int
    }

    let start: TrainableModel<ImageModel>
    let batches: MappedBatches<FixedBatches<FixedExamples<Int>>, Batch>
    let data: String
    let identity: [String: String]
    private let valid: [Example]
    private let batchSize: Int
    private let smoothing: Float
    private let processor: ImageProcessor
    private let processing: [UInt8]

    /// Whole, since one process trains: batch norms would see other pictures in each.
    func batches(
        _ exchange: any GradientExchange, _ division: BatchDivision
    ) -> MappedBatches<FixedBatches<FixedExamples<Int>>, Batch> { batches }

    var lossName: String { "loss per picture (nats)" }
    var metric: String? { "accuracy" }

    init(
        _ architecture: some ImageArchitecture, train: [LabeledPicture], valid: [LabeledPicture],
        _ settings: PictureSettings, seed: UInt64
    ) throws {
        guard let first = train.first else { throw ImageTrainingError.noPictures("the training data") }
        guard !valid.isEmpty else { throw ImageTrainingError.noPictures("the validation data") }
        let labels = Set(train.map(\.label)).sorted(by: Self.precedes)
        guard labels.count > 1 else { throw ImageTrainingError.oneClass(first.label) }
        let indices = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($0.element, $0.offset) })
        let size = ImageSize(height: first.image.height, width: first.image.width)
        func examples(_ pictures: [LabeledPicture]) throws(ImageTrainingError) -> [Example] {
            var examples: [Example] = []
            for picture in pictures {
                guard let target = indices[picture.label] else {
                    throw .unknownClass(picture.label, known: labels)
                }
                guard (picture.image.height, picture.image.width) == (size.height, size.width) else {
                    throw .otherSize(
                        expected: "\(size.width) by \(size.height)",
                        found: "one of \(picture.image.width) by \(picture.image.height)")
                }
                examples.append(Example(image: picture.image, target: target))
            }
            return examples
        }
        let (learnt, asked) = (try examples(train), try examples(valid))
        let processing = PictureStatistics(train.map(\.image)).processor(of: size)
        let processor = try ImageProcessor(configuration: processing)
        let augmentation = PictureAugmentation(settings: settings)
        let key = RandomKey(seed: seed)
        batches = FixedBatches(FixedExamples(Array(learnt.indices)), size: settings.batchSize, seed: key[1].seed)
            .mapped(key: key[2]) { indices, key in
                var images: [Image] = []
                for (place, index) in indices.enumerated() {
                    images.append(try augmentation(learnt[index].image, key: key[place]))
                }
                return Batch(pixels: try processor(images), targets: indices.map { learnt[$0].target })
            }
        start = try architecture.trainable(imageSize: size, labels: labels, key: key[0])
        data = "\(train.count) pictures of \(labels.count) classes, \(size.width) by \(size.height)"
        identity = [
            "training data": "\(train.count) pictures (\(Fingerprint(of: train)))",
            "validation data": "\(valid.count) pictures (\(Fingerprint(of: valid)))",
        ]
        (self.valid, batchSize, smoothing) = (asked, settings.batchSize, settings.smoothing)
        (self.processor, self.processing) = (processor, processing)
    }

    /// Numbers in their order, then names in theirs.
    private static func precedes(_ first: String, _ second: String) -> Bool {
        switch (Int(first), Int(second)) {
        case (let first?, let second?): first < second
        case (nil, nil): first < second
        case (let number, _): number != nil
        }
    }

    private func logits(_ model: ImageModel, _ batch: Batch, training key: RandomKey?) throws -> Tensor {
        let encoded = try model.encoder.encode(try Tensor(batch.pixels), observing: .nothing, training: key)
        return try model.head.outputs(encoded.last)[0].tensor
    }

    func loss(_ model: ImageModel, _ batch: Batch, training key: RandomKey) throws -> LossValue {
        let logits = try logits(model, batch, training: key)
        return LossValue(
            total: try logits.crossEntropy(targets: batch.targets, smoothing: smoothing),
            weight: Double(batch.targets.count))
    }

    func validation(of model: ImageModel) throws -> ValidationResult {
        var (loss, rightCount, rest) = (0.0, 0, valid[...])
        while !rest.isEmpty {
            try StopSignal.check()
            let examples = rest.prefix(batchSize)
            rest = rest.dropFirst(batchSize)
            let batch = Batch(pixels: try processor(examples.map(\.image)), targets: examples.map(\.target))
            let logits = try logits(model, batch, training: nil)
            loss += Double(try logits.crossEntropy(targets: batch.targets).scalar)
            rightCount += zip(logits.indicesOfMaximum(), batch.targets).count { $0 == $1 }
        }
        let count = Double(valid.count)
        return ValidationResult(loss: loss / count, metrics: ["accuracy": Double(rightCount) / count])
    }

    func write(_ model: ImageModel, to directory: String) throws {
        try AtomicFile.write(processing, to: directory + "/preprocessor_config.json")
        try start.write(model, to: directory)
    }
}

extension Fingerprint {
    /// The fingerprint of pictures and their classes, in their order.
    fileprivate init(of pictures: [LabeledPicture]) {
        self.init(of: pictures.lazy.map { (bytes: $0.image.samples, name: $0.label) })
    }
}

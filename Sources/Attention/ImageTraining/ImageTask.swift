import AttentionFiles
import AttentionModels
import AttentionSignals
import AttentionTensors
import AttentionTraining

/// Learning which class a picture is of.
struct ImageTask: ClassCourseTask {
    /// A picture and the number of its class.
    private struct Example: Sendable {
        let image: Image
        let target: Int
    }

    let start: TrainableModel<ImageModel>
    let batches: MappedBatches<FixedBatches<FixedExamples<Int>>, ClassBatch<PixelBatch>>
    let data: String
    let identity: [String: String]
    private let valid: [Example]
    let batchSize: Int
    let smoothing: Float
    private let processor: ImageProcessor
    private let processing: [UInt8]

    /// Whole, since one process trains: batch norms would see other pictures in each.
    func batches(
        _ exchange: any GradientExchange, _ division: BatchDivision
    ) -> MappedBatches<FixedBatches<FixedExamples<Int>>, ClassBatch<PixelBatch>> { batches }

    var lossName: String { "loss per picture (nats)" }
    var validationCount: Int { valid.count }

    init(
        _ architecture: some ImageArchitecture, train: [LabeledPicture], valid: [LabeledPicture],
        _ settings: PictureSettings, seed: UInt64
    ) throws {
        guard let first = train.first else { throw ImageTrainingError.noPictures("the training data") }
        guard !valid.isEmpty else { throw ImageTrainingError.noPictures("the validation data") }
        let indices = ClassIndices(of: train.map(\.label))
        let labels = indices.labels
        guard labels.count > 1 else { throw ImageTrainingError.oneClass(first.label) }
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
                return ClassBatch(input: try processor(images), targets: indices.map { learnt[$0].target })
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

    func logits(_ model: ImageModel, _ pixels: PixelBatch, training key: RandomKey?) throws -> Tensor {
        let encoded = try model.encoder.encode(try Tensor(pixels), observing: .nothing, training: key)
        return try model.head.outputs(encoded.last)[0].tensor
    }

    func attentions(_ model: ImageModel, _ pixels: PixelBatch) throws -> [LayerAttention] {
        // Windows are no pictures.
        guard model.encoder.placeNames(height: pixels.height, width: pixels.width) != nil else { return [] }
        return try model.encoder.encode(try Tensor(pixels), observing: Observation(attentions: .all)).attentions
    }

    func validationBatch(_ range: Range<Int>) throws -> ClassBatch<PixelBatch> {
        ClassBatch(input: try processor(valid[range].map(\.image)), targets: valid[range].map(\.target))
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

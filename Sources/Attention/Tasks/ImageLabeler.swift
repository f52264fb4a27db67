import AttentionInspection
public import AttentionModels
public import AttentionSignals
import AttentionTensors
import AttentionText

/// What is to be seen on a picture: which class it is of, or which of some descriptions fits it.
///
/// ```swift
/// let labeler = try ImageLabeler(path: "vit-base-patch16-224")
/// print(try labeler.label(Image(contentsOf: "cat.jpg"))[0].label)
///
/// let other = try ImageLabeler(path: "clip-vit-base-patch32", descriptions: ["a photo of a cat", "a photo of a dog"])
/// ```
///
/// A value that may be shared by any number of tasks; copies share the weights.
public struct ImageLabeler: HeadedModel {
    /// What the classes are called, or the descriptions.
    public let labels: [String]
    private let processor: ImageProcessor
    private let kind: Kind

    private enum Kind {
        case classes(ImageModel)
        /// The vectors of the descriptions, [T, D].
        case descriptions(ContrastiveModel, Tensor)
    }

    /// The heads that can be left out, of what reads pictures.
    public var heads: HeadCounts {
        switch kind {
        case .classes(let model): model.heads
        case .descriptions(let model, _): model.image.heads
        }
    }

    /// Opens the folder of a model with classes of its own.
    /// - Throws: `PretrainedError`, `SafetensorsError` or `SignalError` naming the file and what is wrong with it.
    public init(path: String) throws {
        let folder = try PretrainedFolder(path: path)
        guard let model = try folder.model().imageModel, !model.head.labels.isEmpty else {
            throw PretrainedError.wrongTask(
                needed: "a head for classes of pictures, or descriptions for a model of texts and pictures",
                found: folder.architecture, folder: path)
        }
        processor = try ImageProcessor(contentsOf: path)
        (labels, kind) = (model.head.labels, .classes(model))
    }

    /// Opens the folder of a model of texts and pictures, which tells these descriptions apart.
    /// - Throws: as above; `TokenizerError` or `ShapeError` if a description cannot be read.
    public init(path: String, descriptions: [String]) throws {
        let folder = try PretrainedFolder(path: path)
        guard let model = try folder.model().contrastiveModel else {
            throw PretrainedError.wrongTask(
                needed: "a model of texts and pictures", found: folder.architecture, folder: path)
        }
        processor = try ImageProcessor(contentsOf: path)
        let tokenizer = try Tokenizer(folder: path).limited(truncation: nil, padding: nil)
        let batch = try model.batch(descriptions.map { tokenizer.encode($0).ids })
        (labels, kind) = (descriptions, .descriptions(model, try model.embed(batch).vectors))
    }

    /// The labels of each picture with their probabilities, the likeliest first.
    /// - Throws: `SignalError` if a picture cannot be brought to the size that the model sees.
    public func label(_ images: [Image]) throws -> [[ScoredLabel]] {
        var run = TaskRun()
        return try label(images, in: &run)
    }

    /// The same in a run that says more of it.
    /// - Throws: as above; `PretrainedError` if there is no head that the run asks for.
    public func label(_ images: [Image], in run: inout TaskRun) throws -> [[ScoredLabel]] {
        guard !images.isEmpty else { return [] }
        let batch: PixelBatch = try processor(images)
        let (probabilities, encoder, attentions) = try read(try Tensor(batch), observing: run.observing)
        if !run.observing.isEmpty {
            guard let places = encoder.placeNames(height: batch.height, width: batch.width) else {
                throw PretrainedError.windowedAttention
            }
            guard let looking = encoder.lookingNames(height: batch.height, width: batch.width) else {
                throw PretrainedError.nothingLooks
            }
            let grid = encoder.placeGrid(height: batch.height, width: batch.width)
            for (row, image) in images.enumerated() {
                run.attentions.append(
                    try TaskRun.ObservedRow(
                        looking: looking, places: places, on: try grid.map { try TracedPicture(image, processor, $0) },
                        ofPicture: row, attentions))
            }
        }
        let (shares, count) = (probabilities.values, labels.count)
        return images.indices.map { row in
            zip(labels, shares[row * count..<(row + 1) * count]).map { ScoredLabel(label: $0, score: $1) }
                .sorted { $0.score > $1.score }
        }
    }

    /// The labels of one picture.
    /// - Throws: as for several.
    public func label(_ image: Image) throws -> [ScoredLabel] { try label([image])[0] }

    private func read(
        _ pixels: Tensor, observing selection: AttentionSelection
    ) throws -> (probabilities: Tensor, encoder: any ImageEncoder, attentions: [LayerAttention]) {
        let observing = Observation(attentions: selection)
        switch kind {
        case .classes(let model):
            guard selection.isEmpty || model.layerCount > 0 else { throw PretrainedError.nothingLooks }
            try selection.check(layerCount: model.layerCount, headCount: model.encoder.headCount)
            let output = try model.encoder.encode(pixels, observing: observing)
            return (
                try model.head.outputs(output.last)[0].tensor.softmax(), model.encoder,
                try model.attentions(output, of: selection)
            )
        case .descriptions(let model, let texts):
            try selection.check(layerCount: model.image.layerCount, headCount: model.image.headCount)
            let (images, _, output) = try model.embed(pixels, observing: observing)
            let logits = try model.logits(images: images, texts: texts)
            return (try model.probabilities(logits), model.image, output.attentions)
        }
    }
}

extension Tensor {
    /// The pixels of a batch, [B, C, height, width].
    init(_ batch: PixelBatch) throws(ShapeError) {
        try self.init(batch.values, shape: [batch.count, batch.channelCount, batch.height, batch.width])
    }
}

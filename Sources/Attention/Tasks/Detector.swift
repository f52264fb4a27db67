import AttentionInspection
import AttentionModels
public import AttentionSignals
import AttentionTensors
import AttentionTraining

/// Finds what there is on a picture, and where (Carion et al. 2020, *DETR*).
///
/// ```swift
/// let detector = try Detector(path: "detr-resnet-50")
/// for object in try detector.detect(Image(contentsOf: "street.jpg")) { print(object.label, object.box.left) }
/// ```
///
/// A value that may be shared by any number of tasks; copies share the weights.
public struct Detector: Sendable {
    /// What the classes are called.
    public var labels: [String] { model.labels }
    /// How sure the model must be of what is found.
    public var threshold: Float = 0.9
    /// How many layers look for objects.
    public var layerCount: Int { model.layerCount }
    private let model: any DetectingModel
    private let processor: ImageProcessor

    /// Opens a folder.
    /// - Throws: `PretrainedError`, `SafetensorsError` or `SignalError` naming the file and what is wrong with it.
    public init(path: String) throws {
        let folder = try PretrainedFolder(path: path)
        guard let model = try folder.model().detectingModel else {
            throw PretrainedError.wrongTask(
                needed: "heads for classes and boxes", found: folder.architecture, folder: path)
        }
        self.model = model
        processor = try ImageProcessor(contentsOf: path)
    }

    /// The objects on a picture that the model is sure enough of, the surest first.
    /// - Throws: `SignalError` if the picture cannot be brought to the size that the model sees.
    public func detect(_ image: Image) throws -> [DetectedObject] {
        var run = TaskRun()
        return try detect(image, in: &run)
    }

    /// The same in a run that says more of it: where on the picture each object was looked for.
    /// - Throws: as above; `PretrainedError` if there is no head that the run asks for.
    public func detect(_ image: Image, in run: inout TaskRun) throws -> [DetectedObject] {
        try run.observing.check(layerCount: model.layerCount, headCount: model.headCount)
        let pixels: PixelBatch = try processor([image])
        let output = try model.find(try Tensor(pixels), present: pixels.mask, observing: run.observing)
        let found = try output.answers(about: 0, above: threshold).sorted { $0.score > $1.score }
        let objects = found.map { answer in
            DetectedObject(
                label: labels[answer.label], score: answer.score,
                box: DetectedObject.Box(answer.box, width: Float(image.width), height: Float(image.height)))
        }
        if !run.observing.isEmpty {
            run.attentions.append(
                try TaskRun.ObservedRow(
                    looking: try TracedSequence(name: "target", pieces: objects.map(\.label)),
                    places: output.grid.placeNames,
                    on: try TracedPicture(image, processor, output.grid), 0,
                    of: try output.attentions.map { layer in
                        LayerAttention(layer: layer.layer, weights: try layer.weights.queries(found.map(\.slot)))
                    }))
        }
        return objects
    }
}

/// Something that was found on a picture.
public struct DetectedObject: Sendable, Hashable {
    /// Where something is, in pixels of the picture; a part may lie beyond its edges.
    public struct Box: Sendable, Hashable, Encodable {
        /// The column where it begins.
        public let left: Float
        /// The row where it begins.
        public let top: Float
        /// The column where it ends.
        public let right: Float
        /// The row where it ends.
        public let bottom: Float

        /// A box by its corners in shares of a picture of this size.
        init(_ corners: [Float], width: Float, height: Float) {
            (left, top) = (corners[0] * width, corners[1] * height)
            (right, bottom) = (corners[2] * width, corners[3] * height)
        }
    }

    /// What it is.
    public let label: String
    /// How sure that is, from 0 to 1.
    public let score: Float
    /// Where it is.
    public let box: Box

    /// The same on a picture that is so many times as large.
    public func scaled(by factor: Float) -> DetectedObject {
        let corners = [box.left, box.top, box.right, box.bottom]
        return DetectedObject(label: label, score: score, box: Box(corners, width: factor, height: factor))
    }
}

extension Tensor {
    /// [1, H, Q, L] → [1, H, q, L]: these queries.
    fileprivate func queries(_ chosen: [Int]) throws(ShapeError) -> Tensor {
        try at(0).transposed(0, 1).selecting(chosen).transposed(0, 1).unsqueezed(axis: 0)
    }
}

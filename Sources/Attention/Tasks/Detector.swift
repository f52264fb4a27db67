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
    private let model: DetectionModel
    private let processor: ImageProcessor

    /// Opens a folder.
    /// - Throws: `PretrainedError`, `SafetensorsError` or `SignalError` naming the file and what is wrong with it.
    public init(path: String) throws {
        let folder = try PretrainedFolder(path: path)
        guard let model = try folder.model().detectionModel else {
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
        try run.observing.check(layerCount: model.decoder.count, headCount: model.headCount)
        let pixels: PixelBatch = try processor([image])
        let output = try model(
            try Tensor(pixels), present: pixels.mask, observing: Observation(attentions: run.observing))
        let found = try objects(output, on: image).sorted { $0.object.score > $1.object.score }
        if !run.observing.isEmpty {
            run.attentions.append(
                try TaskRun.ObservedRow(
                    pieces: found.map(\.object.label), places: output.grid.placeNames,
                    on: try TracedPicture(image, processor, output.grid), 0,
                    of: try output.sourceAttentions.map { layer in
                        LayerAttention(layer: layer.layer, weights: try layer.weights.queries(found.map(\.slot)))
                    }))
        }
        return found.map(\.object)
    }

    /// An object, and which slot it was found in.
    private struct Found {
        let slot: Int
        let object: DetectedObject
    }

    private func objects(_ output: DetectionModel.Output, on image: Image) throws -> [Found] {
        let (shares, boxes) = (try output.logits.softmax().at(0), try output.boxes.at(0).boxCorners())
        let (width, height) = (Float(image.width), Float(image.height))
        return (0..<shares.shape[0]).compactMap { slot in
            // The last class is nothing.
            let best = labels.indices.max { shares[slot, $0] < shares[slot, $1] }
            guard let best, shares[slot, best] > threshold else { return nil }
            let box = DetectedObject.Box(
                left: boxes[slot, 0] * width, top: boxes[slot, 1] * height, right: boxes[slot, 2] * width,
                bottom: boxes[slot, 3] * height)
            return Found(
                slot: slot, object: DetectedObject(label: labels[best], score: shares[slot, best], box: box))
        }
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
    }

    /// What it is.
    public let label: String
    /// How sure that is, from 0 to 1.
    public let score: Float
    /// Where it is.
    public let box: Box
}

extension Tensor {
    /// [1, H, Q, L] → [1, H, q, L]: these queries.
    fileprivate func queries(_ chosen: [Int]) throws(ShapeError) -> Tensor {
        try at(0).transposed(0, 1).selecting(chosen).transposed(0, 1).unsqueezed(axis: 0)
    }
}

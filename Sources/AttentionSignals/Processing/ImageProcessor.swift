/// What is done with a picture before a model sees it: resized, cropped, brought to another range – as the model's image processor of
/// transformers does it.
///
///     let processor = try ImageProcessor(contentsOf: "clip-vit-base-patch32")
///     let pixels = try processor(Image(contentsOf: "cat.jpg"))  // [3, 224, 224]
///
/// The steps, each of which may be missing: red, green and blue; resized; the middle cropped; (x · factor − mean) / deviation of each channel.
public struct ImageProcessor: Sendable, Hashable {
    /// How samples become numbers.
    public struct Normalization: Sendable, Hashable {
        public var mean: [Float]
        public var deviation: [Float]

        /// One of each for red, green and blue.
        public init(mean: [Float], deviation: [Float]) { (self.mean, self.deviation) = (mean, deviation) }

        /// Of photographs, as ImageNet has them.
        public static let imageNet = Normalization(mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225])
        /// To −1 … 1.
        public static let half = Normalization(mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5])
        /// Of the photographs that CLIP saw.
        public static let clip = Normalization(
            mean: [0.48145466, 0.4578275, 0.40821073], deviation: [0.26862954, 0.26130258, 0.27577711])
    }

    /// What size it is brought to; its own if nil.
    public var target: ImageTarget?
    public var filter: ResizingFilter
    /// The size of the middle that is kept; all if nil.
    public var crop: (height: Int, width: Int)? {
        get { cropSize.map { ($0.height, $0.width) } }
        set { cropSize = newValue.map { Size(height: $0.height, width: $0.width) } }
    }
    /// What samples of 0 … 255 are multiplied with, usually 1 / 255.
    public var factor: Double?
    public var normalization: Normalization?
    /// Whether what is transparent lies on white; otherwise alpha is left out.
    public var flattens: Bool
    /// Whether pictures of a batch are filled up to the size of the largest: at the right and below, with zeros.
    public var pads: Bool
    /// Whose roundings: Pillow's, with which most models were trained, or torchvision's, with which newer versions of transformers read.
    public var arithmetic: ResizingArithmetic

    private struct Size: Hashable { var (height, width): (Int, Int) }
    private var cropSize: Size?

    public init(
        target: ImageTarget?, filter: ResizingFilter = .bicubic, crop: (height: Int, width: Int)? = nil,
        factor: Double? = 1 / 255, normalization: Normalization? = .imageNet, flattens: Bool = false,
        pads: Bool = false,
        arithmetic: ResizingArithmetic = .pillow
    ) {
        (self.target, self.filter, self.factor, self.normalization) = (target, filter, factor, normalization)
        (self.flattens, self.pads, self.arithmetic) = (flattens, pads, arithmetic)
        self.crop = crop
    }

    /// The numbers of a picture, `[3, height, width]`.
    ///
    /// - Throws: ``SignalError`` if a size of the processor is not positive, or too large, or there are not three means and deviations.
    public func callAsFunction(_ image: Image) throws(SignalError) -> PixelPlanes {
        var image = flattens ? image.flattened : image.rgb
        if let target {
            let size = target.size(ofWidth: image.width, height: image.height)
            image = try image.resized(
                width: size.width, height: size.height, filter: filter, arithmetic: arithmetic)
            if case .square(let edge, _) = target, edge < 384 { image = try cropped(image, edge, edge) }
        }
        if let crop { image = try cropped(image, crop.width, crop.height) }
        return try normalized(image)
    }

    private func cropped(_ image: Image, _ width: Int, _ height: Int) throws(SignalError) -> Image {
        switch arithmetic {
        case .pillow: return try image.centerCropped(width: width, height: height)
        // torchvision gives the smaller half of what is missing to the top and the left.
        case .torch:
            return try image.cropped(
                x: (image.width - width) / 2, y: (image.height - height) / 2, width: width, height: height)
        }
    }

    private func normalized(_ image: Image) throws(SignalError) -> PixelPlanes {
        let factor = factor ?? 1
        guard let normalization else {
            return PixelPlanes(image) { _, sample in Float(Double(sample) * factor) }
        }
        let (mean, deviation) = (normalization.mean, normalization.deviation)
        guard mean.count == 3, deviation.count == 3, !deviation.contains(0) else {
            throw .unfit(
                operation: "image processor", expected: "three means, and three deviations that are not 0",
                found: "\(mean) and \(deviation)", wayOut: "give one for red, green and blue")
        }
        switch arithmetic {
        case .pillow:
            return PixelPlanes(image) { channel, sample in
                (Float(Double(sample) * factor) - mean[channel]) / deviation[channel]
            }
        case .torch:
            // Both in one: the samples as they are, the means and deviations in their range.
            let scale = Float(1 / factor)
            return PixelPlanes(image) { channel, sample in
                (Float(sample) - mean[channel] * scale) / (deviation[channel] * scale)
            }
        }
    }
}

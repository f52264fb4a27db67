/// The image processors of transformers that are known here, and what they do unless told otherwise.
enum ImageProcessorKind: String, CaseIterable {
    case vit = "ViT"
    case deit = "DeiT"
    case clip = "CLIP"
    case siglip = "Siglip"
    /// DINOv2's.
    case bit = "Bit"
    case blip = "Blip"
    case convNext = "ConvNext"
    case detr = "Detr"
    case conditionalDetr = "ConditionalDetr"
    case deformableDetr = "DeformableDetr"
    case yolos = "Yolos"
    case beit = "Beit"

    /// From `CLIPImageProcessor`, `CLIPImageProcessorFast`, `CLIPImageProcessorPil` or `CLIPFeatureExtractor`.
    init(name: String?) throws(SignalError) {
        let suffixes = ["ImageProcessorFast", "ImageProcessorPil", "ImageProcessor", "FeatureExtractor"]
        let name = name ?? "ViTImageProcessor"
        let stem = suffixes.first { name.hasSuffix($0) }.map { String(name.dropLast($0.count)) } ?? name
        guard let kind = Self(rawValue: stem) else {
            throw .unsupported(
                operation: ProcessorValues.operation,
                expected: "the processor of \(Self.allCases.map(\.rawValue).joined(separator: ", "))", found: name,
                wayOut: "say what is to be done with an ImageProcessor of your own")
        }
        self = kind
    }

    /// Whether one number as size means a square, not the shorter side.
    var squares: Bool {
        switch self {
        case .vit, .deit, .blip, .beit: true
        default: false
        }
    }

    var isDetector: Bool {
        switch self {
        case .detr, .conditionalDetr, .deformableDetr, .yolos: true
        default: false
        }
    }

    var processor: ImageProcessor {
        switch self {
        case .vit: ImageProcessor(target: .exact(height: 224, width: 224), filter: .bilinear, normalization: .half)
        case .deit:
            ImageProcessor(target: .exact(height: 256, width: 256), crop: (224, 224), normalization: .half)
        case .clip, .bit:
            ImageProcessor(target: .shortestEdge(224), crop: (224, 224), normalization: .clip, flattens: true)
        case .siglip:
            ImageProcessor(target: .exact(height: 224, width: 224), normalization: .half, flattens: true)
        case .blip: ImageProcessor(target: .exact(height: 384, width: 384), normalization: .clip, flattens: true)
        case .convNext: ImageProcessor(target: .square(384, part: 224.0 / 256), normalization: .half)
        case .beit: ImageProcessor(target: .exact(height: 224, width: 224), normalization: .half)
        case .detr, .conditionalDetr, .deformableDetr, .yolos:
            ImageProcessor(
                target: .edges(shortest: 800, longest: 1333), filter: .bilinear, normalization: .imageNet, pads: true)
        }
    }
}

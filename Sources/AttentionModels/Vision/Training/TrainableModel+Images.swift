import AttentionFiles
import AttentionTensors

extension TrainableModel where Model == ImageModel {
    /// A model of a family, with a head for these classes and random parameters.
    ///
    /// - Parameters:
    ///   - members: what `config.json` says of its sizes.
    ///   - numbers: what the parameter of a name is before training.
    /// - Throws: `ConfigurationError` with the size that cannot be.
    init<Family: VisionFamily>(
        _ family: Family.Type, _ members: [JSONMember], imageSize: ImageSize, labels: [String], key: RandomKey,
        _ numbers: (_ name: String) -> InitialNumbers
    ) throws {
        guard let architecture = family.architectures.first(where: { $0.hasSuffix("ForImageClassification") }) else {
            preconditionFailure("a family that is trained on pictures has a head for classes")
        }
        let (height, width) = (JSONNumber(imageSize.height), JSONNumber(imageSize.width))
        let document = JSONValue.object(
            [
                JSONMember("architectures", .array([.string(architecture)])),
                JSONMember("model_type", .string(family.modelTypes[0])),
                JSONMember(
                    "image_size", height == width ? .number(height) : .array([.number(height), .number(width)])),
                JSONMember("num_channels", 3),
            ] + members + PretrainedFolder.members(of: labels) + [JSONMember("torch_dtype", "float32")])
        let fields = try ConfigurationFields(document)
        let encoder = try family.encoder(fields)
        guard let (head, names) = try family.head(architecture, encoder.modelSize, fields) else {
            preconditionFailure("\(architecture) has a head")
        }
        self.init(
            ImageModel(encoder: encoder, head: head).drawn(key, numbers), document, fields,
            names + (try family.names(fields)), backbone: family.backbone(of: architecture))
    }
}

extension JSONMember {
    /// A whole number of this name.
    init(_ name: String, count: Int) { self.init(name, .number(JSONNumber(count))) }
}

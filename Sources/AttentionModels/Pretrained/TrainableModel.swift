import AttentionFiles
public import AttentionLayers
public import AttentionTensors

/// A model that writes, and what its folder says of it: where a training begins, and how its result is written again.
///
/// ```swift
/// let start = try TrainableModel(GPT2.Sizes(), vocabularySize: 4096, contextLength: 256, endToken: 0, key: RandomKey(seed: 1))
/// print(start.model.parameterCount)
/// ```
public struct TrainableModel<Model: PretrainedModel>: Sendable {
    /// The model before training.
    public let model: Model
    /// What its `config.json` says.
    public let fields: ConfigurationFields
    private let document: JSONValue
    private let names: CheckpointMap
    private let backbone: String

    init(_ model: Model, _ document: JSONValue, _ fields: ConfigurationFields, _ names: CheckpointMap, backbone: String)
    {
        (self.model, self.document, self.fields) = (model, document, fields)
        (self.names, self.backbone) = (names, backbone)
    }

    /// The parameters of such a model, under the names that the reference gives them.
    /// - Throws: `ShapeError` if it is another model.
    public func tensors(of model: Model) throws(ShapeError) -> [NamedTensor] {
        try model.tensors(names, backbone: backbone)
    }

    /// Writes such a model as a folder that the reference reads: `model.safetensors`, in float32, and `config.json`.
    /// - Throws: `FileError` or `SafetensorsError` if a file cannot be written.
    public func write(_ model: Model, to directory: String) throws {
        try FolderWriting.write(try tensors(of: model), FolderWriting.configuration(document), to: directory)
    }
}

extension TrainableModel where Model == CausalLanguageModel {
    /// A GPT-2, or its like with other positions, of random parameters, drawn as its authors drew them (Radford et al. 2019, sec. 2.3): N(0, 0.02), but N(0, 0.02 / √(2 L)) for the last
    /// map of each of the 2 L branches; biases 0, gains 1.
    ///
    /// - Parameters:
    ///   - contextLength: the most tokens in a row.
    ///   - endToken: the token that stands between texts.
    /// - Throws: `ConfigurationError` with the size that cannot be.
    public init(
        _ sizes: GPT2.Sizes, vocabularySize: Int, contextLength: Int, endToken: Int, key: RandomKey
    ) throws {
        try sizes.validate()
        typealias Configuration = (GPT2.Sizes, Int, Int, Int) -> JSONValue
        let (family, configuration): (any CausalFamily.Type, Configuration) =
            switch sizes.positions {
            case .learned, .sinusoidal: (GPT2.self, GPT2.configuration)
            case .rope: (GPTNeoX.self, GPTNeoX.configuration)
            case .alibi: (MPT.self, MPT.configuration)
            }
        let document = configuration(sizes, vocabularySize, contextLength, endToken)
        let fields = try ConfigurationFields(document)
        let blank = try family.languageModel(fields)
        var model = blank.drawn(key) { GPT2.initialNumbers($0, layerCount: sizes.layerCount) }
        if sizes.positions == .sinusoidal { model.decoder.positions = blank.decoder.positions }
        self.init(model, document, fields, try family.allNames(fields), backbone: family.backbone)
    }

    /// The language model of a folder.
    /// - Throws: `PretrainedError.wrongTask` if it has another model; else as `PretrainedFolder.model()`.
    public init(_ folder: PretrainedFolder) throws {
        guard let family = folder.family.languageModels, folder.architecture != family.architectures[0],
            folder.checkpoint.naming == .reference
        else {
            throw PretrainedError.wrongTask(
                needed: "a language model as transformers writes it", found: folder.architecture, folder: folder.path)
        }
        self = try folder.reportingConfiguration {
            TrainableModel(
                try family.languageModel(folder.fields, folder.checkpoint).inFloat32(), folder.document, folder.fields,
                try family.allNames(folder.fields), backbone: family.backbone)
        }
    }
}

extension TrainableModel where Model == EncoderDecoder<TransformerDecoderLayer> {
    /// A T5 of random parameters, drawn as its authors drew them: words N(0, 1), maps so that what they give is as large as what they read, queries
    /// smaller by the root of the head size, which scores are not divided by (their code, `mesh_tensorflow`, and transformers after it).
    ///
    /// - Parameters:
    ///   - prefix: what stands before every text that is to be summarized.
    ///   - textLength: the most tokens of a text.
    /// - Throws: `ConfigurationError` with the size that cannot be.
    public init(
        _ sizes: T5.Sizes, vocabularySize: Int, special: SpecialTokens, prefix: String, textLength: Int, key: RandomKey
    ) throws {
        try sizes.validate()
        let document = T5.configuration(
            sizes, vocabularySize: vocabularySize, special: special, prefix: prefix, textLength: textLength)
        let fields = try ConfigurationFields(document)
        self.init(
            try T5.encoderDecoder(fields).drawn(key) { T5.initialNumbers($0, sizes) }, document, fields,
            try T5.allNames(fields), backbone: T5.backbone)
    }

    /// The encoder–decoder of a folder.
    /// - Throws: `PretrainedError.wrongTask` if it has another model; else as `PretrainedFolder.model()`.
    public init(_ folder: PretrainedFolder) throws {
        guard let family = folder.family.encoderDecoders, folder.architecture.hasSuffix(family.writing),
            folder.checkpoint.naming == .reference
        else {
            throw PretrainedError.wrongTask(
                needed: "an encoder and a decoder as transformers writes them", found: folder.architecture,
                folder: folder.path)
        }
        self = try folder.reportingConfiguration {
            TrainableModel(
                try family.writer(folder.fields, folder.checkpoint).inFloat32(), folder.document, folder.fields,
                try family.allNames(folder.fields), backbone: family.backbone)
        }
    }
}

extension Module {
    /// The same with numbers of its own, in float32: what is trained is not what lies in a file.
    fileprivate func inFloat32() -> Self { mapTensors { $1.contiguous() } }
}

import AttentionFiles
import AttentionTensors

extension PretrainedFolder {
    /// Writes the adapters of a model that was made of this folder, and its head, in PEFT's form: `adapter_config.json`,
    /// `adapter_model.safetensors`, and the model's `config.json`, which says what its classes are called.
    /// - Throws: `PretrainedError.badAdapter` if an adapter belongs to a part of a tensor, which PEFT has no name for; `FileError` or
    ///   `SafetensorsError` if a file cannot be written.
    public func writeAdapters(
        of model: EncoderModel, _ plan: AdapterPlan, as task: EncoderTask, to directory: String
    ) throws {
        let family = try encoderFamily()
        let map = try reportingConfiguration { try family.names(for: task, fields) }
        let backbone = task == .features ? nil : family.backbone
        var visitor = AdapterCollector(map: map, backbone: backbone, directory: directory)
        var copy = model
        try copy.visit(&visitor, ParameterPath())
        try Directory.create(directory)
        try Safetensors.write(
            visitor.entries, metadata: ["format": "pt"], to: directory + "/adapter_model.safetensors")
        let configuration = Self.configuration(plan, visitor, task, base: path)
        try AtomicFile.write(
            JSONWriter.write(configuration, as: .lines) + [UInt8(ascii: "\n")], to: directory + "/adapter_config.json")
        try AtomicFile.write(configurationBytes(for: task, labels: model.head.labels), to: directory + "/config.json")
    }

    private static func configuration(
        _ plan: AdapterPlan, _ found: AdapterCollector, _ task: EncoderTask, base: String
    ) -> JSONValue {
        let tasks: [EncoderTask: JSONValue] = [
            .sequences: "SEQ_CLS", .tokens: "TOKEN_CLS", .spans: "QUESTION_ANS", .features: "FEATURE_EXTRACTION",
        ]
        func strings(_ names: [String]) -> JSONValue { .array(names.map { .string($0) }) }
        return .object([
            JSONMember("base_model_name_or_path", .string(base)), JSONMember("bias", "none"),
            JSONMember("fan_in_fan_out", false), JSONMember("inference_mode", true),
            JSONMember("lora_alpha", .number(JSONNumber(plan.alpha))),
            JSONMember("lora_dropout", .number(JSONNumber(plan.dropout))),
            JSONMember("modules_to_save", found.saved.isEmpty ? .null : strings(found.saved)),
            JSONMember("peft_type", "LORA"), JSONMember("r", .number(JSONNumber(plan.rank))),
            JSONMember("target_modules", strings(found.targets)), JSONMember("task_type", tasks[task] ?? .null),
        ])
    }
}

/// The tensors of adapters and of the head, as PEFT spells them.
private struct AdapterCollector: ParameterVisitor {
    let map: CheckpointMap
    let backbone: String?
    let directory: String
    private(set) var entries: [Safetensors.Entry] = []
    /// The modules with adapters, and those that are saved whole.
    private(set) var targets: [String] = []
    private(set) var saved: [String] = []

    init(map: CheckpointMap, backbone: String?, directory: String) {
        (self.map, self.backbone, self.directory) = (map, backbone, directory)
    }

    private func place(of own: String) -> (name: String, isWhole: Bool)? {
        map.place(of: own).map { ($0.name(behind: backbone), $0.change == .none) }
    }

    mutating func visit<Target: AdaptableMap>(map target: inout Target, _ path: ParameterPath) throws(PretrainedError) {
        guard let adapter = target.adapter, let (name, isWhole) = place(of: (path / "weight").description) else {
            return
        }
        guard isWhole else {
            throw .badAdapter(
                directory,
                reason: "expected targets with a tensor of their own in checkpoints, found \(path) in a part of \(name)"
            )
        }
        let stem = String(name.dropLast(".weight".count))
        targets.append(stem)
        entries.append(Safetensors.Entry(AdapterFolder.prefix + stem + ".lora_A.weight", adapter.down.tensor))
        entries.append(Safetensors.Entry(AdapterFolder.prefix + stem + ".lora_B.weight", adapter.up.tensor))
    }

    mutating func visit(_ parameter: inout Parameter, _ path: ParameterPath) throws(PretrainedError) {
        let own = path.description
        guard own.hasPrefix("head."), parameter.role == .trained, let (name, _) = place(of: own) else { return }
        entries.append(Safetensors.Entry(AdapterFolder.prefix + name, parameter.tensor))
        let module = String(name[..<(name.lastIndex(of: ".") ?? name.endIndex)])
        if !saved.contains(module) { saved.append(module) }
    }
}

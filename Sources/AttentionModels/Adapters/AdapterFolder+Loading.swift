import AttentionFiles
import AttentionTensors

extension PretrainedFolder {
    /// The text encoder of the folder for a task, with adapters of another made part of its weights.
    /// - Throws: `PretrainedError.wrongTask` if they were made for another task; as `encoder(with:)` otherwise.
    public func encoder(for task: EncoderTask, mergedWith adapters: AdapterFolder) throws -> EncoderModel {
        let (model, found) = try encoder(with: adapters)
        guard found == task else {
            throw PretrainedError.wrongTask(needed: task.description, found: found.description, folder: adapters.path)
        }
        return try model.mergingAdapters()
    }

    /// The text encoder of the folder with adapters of another, not yet merged, and what it is for.
    /// - Throws: `PretrainedError` or `SafetensorsError` with what does not fit the model.
    public func encoder(with adapters: AdapterFolder) throws -> (model: EncoderModel, task: EncoderTask) {
        let (task, family) = (try adapters.task(of: self), try encoderFamily())
        let labels = try adapters.labels(for: task, of: self)
        let start = try tuningStart(for: task, labels: labels, key: .blank)
        let map = try reportingConfiguration { try family.names(for: task, fields) }
        var visitor = AdapterLoader(
            folder: adapters, map: map, backbone: family.backbone, missing: Set(start.fresh),
            mismatch: SafetensorsError.Mismatch(source: adapters.tensors.source))
        var model = start.model
        try model.visit(&visitor, ParameterPath())
        visitor.mismatch.missing += visitor.missing.sorted()
        visitor.mismatch.unexpected = adapters.tensors.names.filter { !visitor.used.contains($0) }
        guard visitor.mismatch.isEmpty else { throw SafetensorsError.mismatch(visitor.mismatch) }
        return (model, task)
    }
}

extension AdapterFolder {
    /// What the classes are called: as the configuration beside the adapters says, or the base model's if it has as many, or by number.
    func labels(for task: EncoderTask, of base: PretrainedFolder) throws -> [String] {
        guard task == .sequences || task == .tokens else { return [] }
        if let model, model.has("id2label") { return try model.labels() }
        let known = try base.fields.labels()
        let outputs = ["classifier.weight", "classifier.out_proj.weight"].map { Self.prefix + $0 }
        guard let output = outputs.first(where: tensors.contains) else { return known }
        let count = try tensors.shape(of: output)[0]
        return count == known.count ? known : (0..<count).map { "LABEL_\($0)" }
    }
}

/// Adds adapters to maps, and takes the parameters that were trained beside them.
private struct AdapterLoader: ParameterVisitor {
    let folder: AdapterFolder
    let map: CheckpointMap
    let backbone: String
    /// Parameters that the base model does not have.
    var missing: Set<String>
    var mismatch: SafetensorsError.Mismatch
    var used: Set<String> = []

    mutating func visit<Map: AdaptableMap>(map target: inout Map, _ path: ParameterPath) throws(SafetensorsError) {
        guard let place = map.place(of: (path / "weight").description) else { return }
        let stems = place.names(behind: backbone).filter { $0.hasSuffix(".weight") }.map {
            AdapterFolder.prefix + $0.dropLast(7)
        }
        guard let stem = stems.first(where: { folder.tensors.contains($0 + ".lora_A.weight") }) else { return }
        let names = [stem + ".lora_A.weight", stem + ".lora_B.weight"]
        used.formUnion(names)
        let (down, up) = (try folder.tensors.tensor(named: names[0]), try folder.tensors.tensor(named: names[1]))
        do {
            target.adapter = try adapter(down, up, place.change, target.weight.shape)
        } catch {
            mismatch.misshapen.append("\(stem): \(error)")
        }
    }

    /// The adapter of a map whose weight is the whole of a tensor or a block of its rows.
    private func adapter(
        _ down: Tensor, _ up: Tensor, _ change: CheckpointMap.Place.Change, _ shape: Shape
    ) throws -> LowRankAdapter {
        guard down.shape.rank == 2, up.shape.rank == 2 else {
            throw ShapeError("adapter", expected: "matrices", found: "\(down.shape) and \(up.shape)")
        }
        var rows = up
        if case .rows(let index, _) = change {
            rows = try up.sliced(axis: 0, index * shape[0]..<(index + 1) * shape[0])
        }
        if case .transposedColumns(let index, _) = change {
            rows = try up.sliced(axis: 0, index * shape[0]..<(index + 1) * shape[0])
        }
        guard rows.shape[0] == shape[0], down.shape[1] == shape[1] else {
            throw ShapeError("adapter", expected: "a product \(shape)", found: "\(down.shape) and \(up.shape)")
        }
        return try LowRankAdapter(down: down, up: rows, scale: folder.scale(rank: down.shape[0]))
    }

    mutating func visit(_ parameter: inout Parameter, _ path: ParameterPath) throws(SafetensorsError) {
        let own = path.description
        guard let place = map.place(of: own),
            let name = place.names(behind: backbone).map({ AdapterFolder.prefix + $0 }).first(
                where: folder.tensors.contains)
        else { return }
        used.insert(name)
        let found = try folder.tensors.parameter(named: name, role: parameter.role)
        guard found.shape == parameter.shape else {
            return mismatch.misshapen.append("\(name): expected \(parameter.shape), found \(found.shape)")
        }
        missing.remove(own)
        parameter = found
    }
}

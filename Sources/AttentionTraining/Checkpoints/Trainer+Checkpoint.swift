import AttentionFiles
internal import AttentionTensors

extension Trainer {
    /// The file a training is resumed from: parameters, what the optimizer remembers and, in its metadata, the progress.
    private var checkpointPath: String? { configuration.directory.map { $0 + "/checkpoint.safetensors" } }

    /// Whether the directory holds a checkpoint.
    public var hasCheckpoint: Bool { checkpointPath.map(Directory.hasFile) ?? false }

    /// Goes back to where the checkpoint in the directory was saved. What `run` then does is what it would have done then.
    ///
    /// - Returns: whether the checkpoint says what it was made with, which is then the same as now. Those of earlier versions do not.
    /// - Throws: `SafetensorsError` if there is no checkpoint, it is damaged or belongs to another model; `TrainingError` if it was made
    ///   with another seed, other settings or other data.
    @discardableResult public mutating func resume() throws -> Bool {
        guard let path = checkpointPath else {
            throw TrainingError.setting("directory", expected: "with a checkpoint", found: "none")
        }
        let file = try SafetensorsFile(path: path)
        let saved = try savedProgress(in: file, path)
        let isKnown = try checkIdentity(in: file, path)
        let restored = try savedModel(in: file, path)
        try optimizer.restore(from: file, stepCount: saved.update, of: restored)
        optimizer.state = optimizer.state.part(share)
        (model, progress, prefetcher) = (restored, saved, nil)
        ownsDirectory = true
        guard saved.batch > 0 else { return isKnown }
        let count = try maker.epoch(saved.epoch).count
        guard count == saved.batchCount else {
            throw TrainingError.unfitCheckpoint(
                path: path, expected: "an epoch of \(count) batches, as these data have", found: "\(saved.batchCount)")
        }
        return isKnown
    }

    private func savedModel(in file: SafetensorsFile, _ path: String) throws -> Model {
        let known = ["model.", type(of: optimizer).pathPrefix]
        if let foreign = file.names.first(where: { name in !known.contains { name.hasPrefix($0) } }) {
            throw TrainingError.unfitCheckpoint(
                path: path, expected: "what \(type(of: optimizer).name) remembers", found: foreign)
        }
        return try model.loaded(from: file, at: ParameterPath("model")) { $0.hasPrefix(known[1]) }
    }

    /// What decides the course of this training beside its seed: what it was told, its optimizer and groups. How many ranks it has is no part of
    /// it, since they divide an update and do not change it.
    private func identity() throws -> [String: String] {
        var identity = configuration.identity
        // Before there were others, the optimizer was always Adam, and there were no groups.
        let name = type(of: optimizer).name
        if name != Adam.name { identity["optimizer"] = name }
        if !configuration.groups.isEmpty {
            identity["groups"] = try JSONEncoding.text(of: configuration.groups, numbers: .named)
        }
        return identity
    }

    /// All that ranks must have in common: besides the identity, where they begin, and when they do what they do together.
    func facts() throws -> [String: String] {
        let settings: [String: any CustomStringConvertible] = [
            "seed": configuration.seed, "first update": progress.update + 1, "first epoch": progress.epoch,
            "first batch": progress.batch, "accumulationCount": configuration.accumulationCount,
            "validationInterval": validate == nil ? 0 : configuration.validationInterval,
            "maximumUpdates": configuration.maximumUpdates ?? 0, "maximumEpochs": configuration.maximumEpochs ?? 0,
            "parameters": model.parameterCount,
            // All gather what the optimizer remembers when one of them saves it.
            "checkpoints": configuration.directory == nil
                ? "never" : "every \(configuration.checkpointInterval) updates",
        ]
        return try identity().merging(settings.mapValues(\.description)) { own, _ in own }
    }

    /// Whether the checkpoint says what it was made with; throws if that is not what this training is made with.
    private func checkIdentity(in file: SafetensorsFile, _ path: String) throws -> Bool {
        guard let text = file.metadata["identity"] else { return false }
        let saved = try decoded([String: String].self, from: text, "the settings and data of a training", path)
        let own = try identity()
        let names = Set(saved.keys).union(own.keys).sorted()
        let differences = names.filter { saved[$0] != own[$0] }.map {
            TrainingError.Difference(name: $0, found: own[$0], expected: saved[$0])
        }
        guard differences.isEmpty else { throw TrainingError.otherTraining(path: path, differences: differences) }
        return true
    }

    private func decoded<Value: Decodable>(
        _ type: Value.Type, from text: String, _ meaning: String, _ path: String
    ) throws(TrainingError) -> Value {
        do {
            return try JSONDecoding.decode(type, from: Array(text.utf8), numbers: .named)
        } catch {
            throw .unfitCheckpoint(path: path, expected: meaning, found: "damaged text")
        }
    }

    private func savedProgress(in file: SafetensorsFile, _ path: String) throws -> TrainingProgress {
        guard let text = file.metadata["progress"] else {
            throw TrainingError.unfitCheckpoint(path: path, expected: "the progress of a training", found: "none")
        }
        let saved = try decoded(TrainingProgress.self, from: text, "the progress of a training", path)
        guard saved.seed == configuration.seed else {
            throw TrainingError.unfitCheckpoint(
                path: path, expected: "a training with seed \(configuration.seed)", found: "\(saved.seed)")
        }
        let possible = 0...1 << 48
        guard possible ~= saved.update, possible ~= saved.epoch, 0..<max(1, saved.batchCount) ~= saved.batch else {
            throw TrainingError.unfitCheckpoint(
                path: path, expected: "a batch of an epoch", found: "batch \(saved.batch) of epoch \(saved.epoch)")
        }
        return saved
    }

    /// Saves everything the future depends on. The log goes first, so that it is never shorter than the checkpoint says.
    mutating func saveCheckpoint(_ log: TrainingLog?, _ observer: (TrainingEvent) throws -> Void) throws {
        guard let path = checkpointPath else { return }
        let optimizer = try gatheredOptimizer()
        guard exchange.isWriter else { return }
        if let log {
            try log.synchronize()
            progress.logLength = log.length
        }
        var metadata = ["progress": try JSONEncoding.text(of: progress, numbers: .named)]
        let identity = try identity()
        if !identity.isEmpty {
            metadata["identity"] = try JSONEncoding.text(of: identity, numbers: .named)
        }
        let state = optimizer.savedTensors(of: model).map { Safetensors.Entry($0.name, $0.tensor) }
        try Safetensors.write(model.entries(at: ParameterPath("model")) + state, metadata: metadata, to: path)
        try tidyDirectory()
        try observer(.checkpoint(path: path, update: progress.update))
    }

    /// Makes sure that this training overwrites no other.
    mutating func takeDirectory() throws(TrainingError) {
        if !ownsDirectory, exchange.isWriter, hasCheckpoint, let checkpointPath {
            throw .checkpointExists(path: checkpointPath)
        }
        ownsDirectory = true
    }
}

import AttentionFiles
internal import AttentionTensors

extension Trainer {
    /// The file a training is resumed from: parameters, Adam's moments and, in its metadata, the progress.
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
        let restored = try model.loaded(from: file, at: ParameterPath("model")) { $0.hasPrefix(Adam.pathPrefix) }
        optimizer = try Adam(optimizer.configuration, stepCount: saved.update, moments: file, of: restored)
        (model, progress, epoch) = (restored, saved, nil)
        ownsDirectory = true
        if saved.batch > 0, try currentEpoch().count != saved.batchCount {
            throw TrainingError.unfitCheckpoint(
                path: path, expected: "an epoch of \(try currentEpoch().count) batches, as these data have",
                found: "\(saved.batchCount)")
        }
        return isKnown
    }

    /// Whether the checkpoint says what it was made with; throws if that is not what this training is made with.
    private func checkIdentity(in file: SafetensorsFile, _ path: String) throws -> Bool {
        guard let text = file.metadata["identity"] else { return false }
        let saved = try decoded([String: String].self, from: text, "the settings and data of a training", path)
        let names = Set(saved.keys).union(configuration.identity.keys).sorted()
        let differences = names.filter { saved[$0] != configuration.identity[$0] }.map {
            TrainingError.Difference(name: $0, found: configuration.identity[$0], expected: saved[$0])
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
        if let log {
            try log.synchronize()
            progress.logLength = log.length
        }
        var metadata = ["progress": try JSONEncoding.text(of: progress, numbers: .named)]
        if !configuration.identity.isEmpty {
            metadata["identity"] = try JSONEncoding.text(of: configuration.identity, numbers: .named)
        }
        let moments = optimizer.moments.map { Safetensors.Entry($0.name, $0.tensor) }
        try Safetensors.write(
            model.entries(at: ParameterPath("model")) + moments, metadata: metadata, to: path)
        try tidyDirectory()
        try observer(.checkpoint(path: path, update: progress.update))
    }

    /// Makes sure that this training overwrites no other.
    mutating func takeDirectory() throws(TrainingError) {
        if !ownsDirectory, hasCheckpoint, let checkpointPath { throw .checkpointExists(path: checkpointPath) }
        ownsDirectory = true
    }
}

extension Adam {
    fileprivate static var pathPrefix: String { "adam." }

    /// Both moments of every parameter, with the names they have in checkpoints.
    fileprivate var moments: [(name: String, tensor: Tensor)] {
        firstMoments.map { (Self.pathPrefix + "first." + $0.key, $0.value) }
            + secondMoments.map { (Self.pathPrefix + "second." + $0.key, $0.value) }
    }

    /// The optimizer as it was when the moments in `file` were saved.
    fileprivate init(
        _ configuration: Configuration, stepCount: Int, moments file: SafetensorsFile, of model: some Module
    ) throws {
        self.init(configuration)
        self.stepCount = stepCount
        for (name, parameter) in model.parameters() {
            firstMoments[name] = try Self.moment("first." + name, of: parameter, in: file)
            secondMoments[name] = try Self.moment("second." + name, of: parameter, in: file)
        }
    }

    /// Nil for a parameter that has had no gradient yet.
    private static func moment(_ name: String, of parameter: Parameter, in file: SafetensorsFile) throws -> Tensor? {
        let name = pathPrefix + name
        guard file.contains(name) else { return nil }
        let moment = try file.tensor(named: name)
        guard moment.shape == parameter.shape else {
            throw TrainingError.unfitCheckpoint(
                path: file.source, expected: "\(name) of shape \(parameter.shape)", found: "\(moment.shape)")
        }
        return moment
    }
}

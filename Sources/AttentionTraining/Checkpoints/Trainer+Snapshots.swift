import AttentionFiles
internal import AttentionTensors

extension Trainer {
    /// The files of the validated models that are kept, best or latest first.
    public var snapshotPaths: [String] { progress.kept(configuration).compactMap(snapshotPath) }

    /// The average of the models that are kept; the model as it is if none are.
    ///
    /// - Throws: `SafetensorsError` if a file cannot be read.
    public func averagedModel() throws -> Model {
        let paths = snapshotPaths
        return paths.isEmpty ? model : try model.averaged(of: paths)
    }

    private func snapshotPath(update: Int) -> String? {
        configuration.directory.map { "\($0)/\(configuration.snapshots.name)-\(update).safetensors" }
    }

    /// Saves the model that has just been validated, if it is one to keep.
    func saveSnapshot() throws {
        guard exchange.isWriter, progress.kept(configuration).contains(progress.update) else { return }
        if let path = snapshotPath(update: progress.update) { try model.save(to: path) }
    }

    /// Removes snapshots that are no longer kept, and what killed runs left half-written. Only after a checkpoint: the one before may
    /// still need the snapshots.
    func tidyDirectory() throws(FileError) {
        guard let directory = configuration.directory else { return }
        let prefix = configuration.snapshots.name + "-"
        let suffix = ".safetensors"
        let kept = Set(progress.kept(configuration))
        try AtomicFile.removeAbandoned(in: directory)
        for name in try Directory.names(in: directory) where name.hasPrefix(prefix) && name.hasSuffix(suffix) {
            guard let update = Int(name.dropFirst(prefix.count).dropLast(suffix.count)), !kept.contains(update) else {
                continue
            }
            try Directory.removeFile("\(directory)/\(name)")
        }
    }
}

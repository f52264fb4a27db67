import AttentionFiles
public import AttentionTensors

extension ModelFolder {
    /// Saves the model as a folder, in the place of the model that is there, if one is. Other files of the folder stay.
    ///
    /// - Parameter format: How parameters are written; nil leaves each as it is.
    /// - Throws: `ModelFolderError.occupied` if there is something else than a model; `FileError` or `SafetensorsError` if a file cannot
    ///   be written. The model that was there is then still there.
    public func save(to path: String, as format: Parameter.Format? = nil) throws {
        try Self.checkReplaceable(path)
        try write(to: path, as: format)
    }

    /// Saves the model into a folder of its own training.
    ///
    /// The three files are first written and flushed under temporary names: a full disk is noticed there, and changes nothing. Then the
    /// configuration goes, the others are replaced, and the new configuration comes last. So there is never a configuration beside files
    /// of another model, whenever someone looks and whenever the machine stops.
    func write(to path: String, as format: Parameter.Format? = nil) throws {
        try Directory.create(path)
        try AtomicFile.removeAbandoned(in: path)
        let newTokenizer = try AtomicFile(replacing: path + "/tokenizer.json")
        try newTokenizer.write(tokenizer.json())
        let weights = try Safetensors.written(
            model.entries(as: format), metadata: [Self.tokenizerKey: "\(Fingerprint(ofPiecesOf: tokenizer))"],
            replacing: path + "/model.safetensors")
        let newConfiguration = try AtomicFile(replacing: Self.configurationPath(path))
        try newConfiguration.write(configurationBytes())
        try newTokenizer.synchronize()
        try weights.synchronize()
        try newConfiguration.synchronize()

        try newConfiguration.removeOld()
        try newTokenizer.commit()
        try weights.commit()
        try newConfiguration.commit()
    }

    private func configurationBytes() throws -> [UInt8] {
        Array((try JSONEncoding.text(of: configuration, as: .lines) + "\n").utf8)
    }

    /// Refuses a place where something else than a model would be overwritten.
    static func checkReplaceable(_ path: String) throws {
        guard Directory.exists(path) else { return }
        guard Directory.isDirectory(path) else { throw ModelFolderError.occupied(path, found: "a file") }
        let names = try Directory.names(in: path).filter { !$0.hasPrefix(".attention-") }
        guard let first = names.first else { return }
        guard names.contains("config.json") else { throw ModelFolderError.occupied(path, found: first) }
        do {
            let bytes = try FileContents.read(configurationPath(path))
            _ = try JSONDecoding.decode(ModelConfiguration.self, from: bytes)
        } catch is JSONError {
            throw ModelFolderError.occupied(path, found: "a config.json of another kind")
        }
    }
}

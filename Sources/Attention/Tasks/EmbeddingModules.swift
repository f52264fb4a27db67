import AttentionFiles
import AttentionModels

/// What modules.json of a folder names: where the encoder lies, and what follows it.
struct EmbeddingModules {
    let path: String
    let encoderPath: String
    let stages: [EmbeddingStage]
    /// The folder of each stage, in that of the whole; nil for what is there unsaid.
    let stagePaths: [String?]
    let lengthLimit: Int?
    let prompts: [String: String]
    let defaultPrompt: String?

    init(path: String) throws {
        let list = path + "/modules.json"
        var encoderPath = path
        var stages: [EmbeddingStage] = []
        var stagePaths: [String?] = []
        if Directory.hasFile(list) {
            guard case .array(let entries) = try ConfigurationFile.document(list) else {
                throw PretrainedError.badConfiguration(list, reason: "expected a list of modules")
            }
            var names: [String] = []
            for entry in entries {
                let (type, place) = try ConfigurationFile.reporting(list) {
                    let fields = try ConfigurationFields(entry)
                    return (try fields.string("type"), try fields.string("path"))
                }
                // The name of the class, whatever package it is in.
                let name = type.split(separator: ".").last.map(String.init) ?? type
                names.append(name)
                if name == "Transformer" {
                    encoderPath = place.isEmpty ? path : path + "/" + place
                } else {
                    stages.append(try EmbeddingStage(name, path: path + "/" + place, list: list))
                    stagePaths.append(place)
                }
            }
            try Self.check(names, of: list)
        } else {
            (stages, stagePaths) = ([.pooling([.mean])], [nil])
        }
        (self.path, self.encoderPath, self.stages, self.stagePaths) = (path, encoderPath, stages, stagePaths)
        let limits = encoderPath + "/sentence_bert_config.json"
        lengthLimit = try ConfigurationFile.reporting(limits) {
            try ConfigurationFile.fields(limits).flatMap {
                $0.has("max_seq_length") ? try $0.size("max_seq_length") : nil
            }
        }
        let settings = path + "/config_sentence_transformers.json"
        let fields = try ConfigurationFile.fields(settings)
        prompts = try ConfigurationFile.reporting(settings) { try fields?.part("prompts")?.strings() ?? [:] }
        defaultPrompt = try ConfigurationFile.reporting(settings) {
            try fields.flatMap { $0.has("default_prompt_name") ? try $0.string("default_prompt_name") : nil }
        }
    }

    /// Refuses modules of which no vector of a text comes.
    private static func check(_ names: [String], of list: String) throws(PretrainedError) {
        guard names.starts(with: ["Transformer", "Pooling"]),
            names.dropFirst(2).allSatisfy({ ["Dense", "Normalize"].contains($0) })
        else {
            throw .badConfiguration(
                list,
                reason: "expected modules Transformer and Pooling, then Dense and Normalize or none, found "
                    + (names.isEmpty ? "no module" : names.joined(separator: ", "))
                    + "; copy that of the model, or remove it, and the vectors of pieces are averaged")
        }
    }

    /// Copies what says how texts become vectors, but no weights.
    func copy(to directory: String) throws {
        try FolderFiles.copy(
            ["modules.json", "config_sentence_transformers.json", "sentence_bert_config.json"], from: path,
            to: directory)
        let encoder = String(encoderPath.dropFirst(path.count))
        try FolderFiles.copy(["sentence_bert_config.json"], from: encoderPath, to: directory + encoder)
        for place in stagePaths.compactMap(\.self) {
            try FolderFiles.copy(["config.json"], from: path + "/" + place, to: directory + "/" + place)
        }
    }

    /// Copies the weights of the stages behind the encoder.
    func copyWeights(to directory: String) throws {
        for place in stagePaths.compactMap(\.self) {
            try FolderFiles.copy(["model.safetensors"], from: path + "/" + place, to: directory + "/" + place)
        }
    }
}

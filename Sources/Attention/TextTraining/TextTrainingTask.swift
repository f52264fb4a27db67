import AttentionFiles
import AttentionModels
import AttentionTensors
import AttentionText

/// What a model that writes is trained for.
protocol TextTrainingTask: CourseTask {
    /// What it learns from, in words.
    var texts: String { get }
    /// From text to tokens and back.
    var tokenizer: TrainingTokenizer { get }
    /// How it writes unless it is told otherwise: `generation_config.json`.
    var generation: JSONValue { get }
}

extension TextTrainingTask {
    var data: String { "\(texts), \(tokenizer.tokenizer.count) pieces" }
    var lossName: String { "loss per token (nats)" }
    var metric: String? { nil }
    var identity: [String: String] { ["tokenizer": "\(Fingerprint(of: tokenizer.tokenizer))"] }

    func write(_ model: Model, to directory: String) throws {
        try tokenizer.write(to: directory)
        try AtomicFile.write(
            JSONWriter.write(generation, as: .lines) + [UInt8(ascii: "\n")], to: directory + "/generation_config.json")
        try start.write(model, to: directory)
    }
}

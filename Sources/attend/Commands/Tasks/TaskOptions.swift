import ArgumentParser
import Attention
import AttentionCommand
import AttentionFiles

/// What commands on texts share: the folder, the form of answers, how to compute.
struct TaskOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A folder with config.json, model.safetensors and a tokenizer, or a GGUF file.", valueName: "dir"))
    var model: String
    @Option(help: ArgumentHelp("A folder of adapters for the model, in PEFT's form.", valueName: "dir"))
    var adapter: String?
    @Flag(help: "Write one JSON object per text.")
    var json = false
    @Flag(help: "Refuse texts that are longer than the model reads, which are cut otherwise.")
    var noTruncate = false
    @OptionGroup var attention: AttentionOptions
    @OptionGroup var ablation: AblationOptions
    @OptionGroup var precision: PrecisionOptions
    @OptionGroup var threads: ThreadOptions
}

/// Texts as they come: the arguments, or standard input line by line.
struct TextSource {
    let arguments: [String]

    /// Hands texts on in batches, in order: all arguments at once; lines of a terminal one by one; other lines as many at a time as keep
    /// the processor busy.
    func forEachBatch(_ body: ([String]) throws -> Void) throws {
        guard arguments.isEmpty else { return try body(arguments) }
        var reader = LineReader.standardInput(byteLimit: 1 << 20)
        let size = Terminal.isInputInteractive ? 1 : 256
        var (batch, number): ([String], Int) = ([], 0)
        while let line = try reader.next() {
            number += 1
            switch line {
            case .line(let text): batch.append(text)
            case .invalid(let reason):
                // The lines before it are answered.
                if !batch.isEmpty { try body(batch) }
                throw TextError(place: "standard input, line \(number)", reason: "\(reason)")
            }
            if batch.count == size {
                try body(batch)
                batch = []
            }
        }
        if !batch.isEmpty { try body(batch) }
    }

    /// All texts.
    func all() throws -> [String] {
        var texts: [String] = []
        try forEachBatch { texts += $0 }
        return texts
    }
}

/// Something that is no text.
struct TextError: DataFault, CustomStringConvertible {
    let place: String
    let reason: String

    var description: String { "\(place): \(reason)" }
}

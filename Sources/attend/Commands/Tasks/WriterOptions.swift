import ArgumentParser
import AttentionCommand

/// What commands share in which a model that writes is asked about texts: the folder, the form of answers, how to compute.
struct WriterOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A folder with config.json, model.safetensors and a tokenizer, or a GGUF file.", valueName: "dir"))
    var model: String
    @Flag(help: "Write one JSON object per text.")
    var json = false
    @OptionGroup var attention: AttentionOptions
    @OptionGroup var ablation: AblationOptions
    @OptionGroup var precision: PrecisionOptions
    @OptionGroup var threads: ThreadOptions
}

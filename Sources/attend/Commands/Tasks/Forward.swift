import ArgumentParser
import Attention
import AttentionCommand
import AttentionFiles

struct Forward: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compute what a pretrained model computes: tensors in, tensors out.",
        discussion: """
            Inputs stand under the names that the reference's forward takes (input_ids, attention_mask, token_type_ids, …), \
            outputs under the reference's (logits, last_hidden_state, hidden_states.0, attentions.0, …).
            """)

    @Option(help: ArgumentHelp("A folder with config.json and model.safetensors.", valueName: "dir"))
    var model: String
    @Option(help: ArgumentHelp("The inputs.", valueName: "file.safetensors"))
    var inputs: String
    @Option(help: ArgumentHelp("Where the outputs go.", valueName: "file.safetensors"))
    var outputs: String
    @Flag(help: "Also write where every head looks: attentions.N.")
    var attentions = false
    @Flag(help: "Also write what every layer gives on: hidden_states.N.")
    var hiddenStates = false
    @OptionGroup var ablation: AblationOptions
    @OptionGroup var precision: PrecisionOptions
    @OptionGroup var threads: ThreadOptions

    func run() throws {
        threads.apply()
        try AtomicFile.check(outputs)
        let model = try PretrainedFolder(path: model).model()
        let inputs = try SafetensorsFile(path: inputs)
        let observing = Observation(hiddenStates: hiddenStates, attentions: attentions ? .all : .none)
        let found = try precision { try ablation(of: model) { try model.forward(inputs, observing: observing) } }
        try Safetensors.write(found.map { Safetensors.Entry($0.name, $0.tensor) }, to: outputs)
    }
}

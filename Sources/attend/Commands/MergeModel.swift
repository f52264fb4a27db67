import ArgumentParser
import Attention
import AttentionCommand

struct MergeModel: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge", abstract: "Make low-rank adapters part of a model's weights.",
        discussion: """
            Adapters lie in a folder as PEFT writes it, and as attend train leaves it with --set adapter.rank=…: adapter_config.json, \
            adapter_model.safetensors. What comes out is an ordinary model folder.
            """)

    @Option(help: ArgumentHelp("The folder of the model that the adapters were trained on.", valueName: "dir"))
    var model: String
    @Option(help: ArgumentHelp("The folder of the adapters.", valueName: "dir"))
    var adapter: String
    @Option(help: ArgumentHelp("Where the merged model goes.", valueName: "dir"))
    var output: String

    func validate() throws {
        if output.isEmpty { throw ValidationError("--output: expected a folder for the model") }
    }

    func run() throws {
        try MergedModel(model: model, adapters: adapter).write(to: output)
    }
}

public import ArgumentParser
public import Attention
import AttentionCommand

struct ModelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model", abstract: "Look at a model, store it smaller, or make adapters part of it.",
        subcommands: [ModelInfo.self, ConvertModel.self, MergeModel.self])
}

struct ModelInfo: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info", abstract: "What a model folder or a GGUF file holds: architecture, sizes, parameters.")

    @Argument(help: "A model folder, a GGUF file, or \"default\" for the model inside this program.")
    var model = "default"
    @Flag(help: "List every parameter: name, shape, type, role and bytes.")
    var parameters = false

    func run() throws {
        if model != "default", try PretrainedFolder.isOne(at: model) {
            let folder = try PretrainedFolder(path: model)
            let pretrained = try folder.model()
            return try print(folder.summary(of: pretrained), pretrained.parameterSummary)
        }
        let folder = model == "default" ? try ModelFolder.standard() : try ModelFolder(path: model)
        try print(folder.summary(), folder.model.parameterSummary)
    }

    private func print(_ summary: String, _ list: ParameterSummary) throws {
        try Results.print(summary)
        if parameters { try Results.print("\n" + list.description) }
    }
}

struct ConvertModel: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert", abstract: "Store a model's parameters in another precision.",
        discussion: """
            bfloat16 and float16 take half the space of float32, int8 with a scale for each row a quarter. A model is used as it is stored; \
            computing is in float32 all the same, unless --precision says otherwise.
            """)

    @Argument(help: "A model folder, or \"default\" for the model inside this program.")
    var model: String
    @Option(help: ArgumentHelp("Where the converted model goes.", valueName: "dir"))
    var output: String
    @Option(help: "float32, bfloat16, float16 or int8.")
    var precision = Parameter.Format.bfloat16

    func validate() throws {
        if output.isEmpty { throw ValidationError("--output: expected a folder for the model") }
    }

    func run() throws {
        if model != "default", try PretrainedFolder.isOne(at: model) { throw ForeignModel(path: model) }
        let folder = model == "default" ? try ModelFolder.standard() : try ModelFolder(path: model)
        try folder.save(to: output, as: precision)
    }
}

/// A model of others, which is stored as it was.
private struct ForeignModel: DataFault, CustomStringConvertible {
    let path: String

    var description: String {
        "convert: expected a model of attend train translation, found one as Hugging Face writes it in \(path); "
            + "attend quantize stores such models smaller"
    }
}

extension Parameter.Format: ExpressibleByArgument {}

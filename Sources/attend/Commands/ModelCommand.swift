import ArgumentParser
import Attention

struct ModelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model", abstract: "Look at a model.", subcommands: [ModelInfo.self])
}

struct ModelInfo: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info", abstract: "What a model folder holds: architecture, sizes, parameters.")

    @Argument(help: "A model folder, or \"default\" for the model inside this program.")
    var model = "default"
    @Flag(help: "List every parameter with its shape.")
    var parameters = false

    func run() throws {
        let folder = model == "default" ? try ModelFolder.standard() : try ModelFolder(path: model)
        print(folder.summary())
        guard parameters else { return }
        for parameter in folder.model.parameters() { print("\(parameter.name)\t\(parameter.tensor.shape)") }
    }
}

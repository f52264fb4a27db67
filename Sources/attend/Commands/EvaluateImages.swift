import ArgumentParser
import Attention
import AttentionCommand

struct EvaluateImages: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "images", abstract: "Measure how often a model says rightly of which class pictures are.",
        discussion: """
            Pictures lie as attend train images takes them. Beside the share of pictures whose class was found stand those of each class, and what it was \
            most often taken for.
            """)

    @Option(help: ArgumentHelp("The model's folder.", valueName: "dir"))
    var model: String
    @Option(name: .customLong("test"), help: ArgumentHelp("Pictures; may be repeated.", valueName: "dir|idx"))
    var paths: [String]
    @OptionGroup var names: ClassNames
    @OptionGroup var measuring: MeasuringOptions

    func run() throws {
        measuring.threads.apply()
        let labeler = try measuring.precision { try ImageLabeler(path: model) }
        let pictures = try LabeledPicture.read(paths, names: names.names)
        let found = try measuring {
            try ClassEvaluation(of: labeler, on: pictures) {
                Diagnostics.printStatus("seen \($0) of \(pictures.count)")
            }
        }
        if measuring.json { try found.printJSON() } else { try found.print(unit: "pictures") }
    }
}

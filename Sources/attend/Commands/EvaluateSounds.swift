import ArgumentParser
import Attention
import AttentionCommand

struct EvaluateSounds: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sounds", abstract: "Measure how often a model says rightly of which class sounds are.",
        discussion: """
            Sounds lie as attend train sounds takes them. Beside the share of sounds whose class was found stand those of each class, and what it was \
            most often taken for.
            """)

    @Option(help: ArgumentHelp("The model's folder.", valueName: "dir"))
    var model: String
    @Option(name: .customLong("test"), help: ArgumentHelp("Sounds; may be repeated.", valueName: "dir|tsv"))
    var paths: [String]
    @OptionGroup var measuring: MeasuringOptions

    func run() throws {
        measuring.threads.apply()
        let labeler = try measuring.precision { try SoundLabeler(path: model) }
        let sounds = try LabeledSound.read(paths) { $1.report(of: $0) }
        let found = try measuring {
            try ClassEvaluation(of: labeler, on: sounds) {
                if $0 % 50 == 0 { Diagnostics.printStatus("heard \($0) of \(sounds.count)") }
            }
        }
        if measuring.json { try found.printJSON() } else { try found.print(unit: "sounds") }
    }
}

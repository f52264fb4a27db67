import ArgumentParser
import Attention
import AttentionCommand
import AttentionFiles

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
    @Flag(help: "Write the result as JSON.")
    var json = false
    @OptionGroup var precision: PrecisionOptions
    @OptionGroup var threads: ThreadOptions

    private struct Answer: Encodable {
        let accuracy: Double
        let loss: Double
        let count: Int
        let labels: [String]
        let confusion: [[Int]]
    }

    func run() throws {
        threads.apply()
        let labeler = try precision { try ImageLabeler(path: model) }
        let pictures = try LabeledPicture.read(paths, names: names.names)
        let found = try precision {
            try ImageEvaluation(of: labeler, on: pictures) {
                Diagnostics.printStatus("seen \($0) of \(pictures.count)")
            }
        }
        Diagnostics.endStatus()
        guard !json else {
            return try Results.print(
                try JSONEncoding.text(
                    of: Answer(
                        accuracy: found.accuracy, loss: found.loss, count: found.count, labels: found.labels,
                        confusion: found.confusion)))
        }
        try Results.print(
            "accuracy \(found.accuracy.decimals(4))\tloss \(found.loss.decimals(4))\t\(found.count) pictures")
        for (row, recall) in found.recall.enumerated() {
            guard let recall else { continue }
            let others = found.confusion[row].enumerated().filter { $0.offset != row && $0.element > 0 }
            let most = others.max { ($0.element, $1.offset) < ($1.element, $0.offset) }
            let taken = most.map { "\ttaken \($0.element) times for \(found.labels[$0.offset])" } ?? ""
            try Results.print("\(found.labels[row])\t\(recall.decimals(4))\(taken)")
        }
    }
}

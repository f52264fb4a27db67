import ArgumentParser
import Attention
import AttentionCommand
import AttentionFiles

/// What the commands that measure models on tasks share.
struct TaskEvaluationOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The model's folder.", valueName: "dir"))
    var model: String
    @Option(
        name: .customLong("test"),
        help: ArgumentHelp("Examples, as attend train takes them; may be repeated.", valueName: "file"))
    var testFiles: [String]
    @OptionGroup var measuring: MeasuringOptions

    private struct Answer: Encodable {
        let model: String
        let loss: Double
        let metrics: [String: Double]
    }

    /// Measures the model on what `data` makes of the files.
    func run(
        _ settings: FineTuningSettings = FineTuningSettings(), _ data: (_ test: [String]) throws -> FineTuningData
    ) throws {
        measuring.threads.apply()
        let evaluation = TaskEvaluation(model: model, settings: settings)
        let examples = try data(testFiles)
        let found = try measuring.precision { try evaluation.scores(on: examples) }
        if measuring.json {
            let answer = Answer(model: model, loss: found.loss, metrics: found.metrics)
            return try Results.print(try JSONEncoding.text(of: answer))
        }
        for (name, value) in found.metrics.sorted(by: { $0.key < $1.key }) + [("loss", found.loss)] {
            try Results.print("\(name)\t\(value.shown(4))")
        }
    }
}

struct EvaluateClassify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "classify", abstract: "Classify texts whose classes are known: accuracy.")

    @OptionGroup var options: TaskEvaluationOptions

    func run() throws { try options.run { .classes(train: [], valid: try ClassifiedText.read($0)) } }
}

struct EvaluateAnswer: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "answer",
        abstract: "Answer questions whose answers are known: exact match and F1, as SQuAD has them.")

    @OptionGroup var options: TaskEvaluationOptions

    func run() throws { try options.run(.answers) { .answers(train: [], valid: try AskedQuestion.read($0)) } }
}

struct EvaluateTag: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tag", abstract: "Tag words whose tags are known: F1 of whole stretches, accuracy of words.")

    @OptionGroup var options: TaskEvaluationOptions

    func run() throws { try options.run { .tags(train: [], valid: try TaggedWords.read($0)) } }
}

struct EvaluateEmbed: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "embed",
        abstract: "Embed texts that belong together: how many are nearest to their own partner of 32.")

    @OptionGroup var options: TaskEvaluationOptions

    func run() throws { try options.run { .pairs(train: [], valid: try AlikeTexts.read($0)) } }
}

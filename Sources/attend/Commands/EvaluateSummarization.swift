import ArgumentParser
import Attention
import AttentionCommand
import AttentionFiles

struct EvaluateSummarization: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "summarization",
        abstract: "Summarize texts that have summaries, and compare: ROUGE-1, 2 and L as rouge-score computes them.",
        discussion: "Beside the model's scores stand those of the first sentence of each text.")

    @Option(help: ArgumentHelp("The model's folder.", valueName: "dir"))
    var model: String
    @Option(
        name: .customLong("test"),
        help: ArgumentHelp("Texts and summaries, as attend train takes them; may be repeated.", valueName: "file"))
    var testFiles: [String]
    @OptionGroup var names: SummaryNames
    @Option(help: ArgumentHelp("Write the summaries, one per line.", valueName: "file"))
    var summaries: String?
    @Flag(help: "Write the result as JSON.")
    var json = false
    @OptionGroup(title: "Generation") var generation: GenerationOptions
    @OptionGroup var precision: PrecisionOptions
    @OptionGroup var threads: ThreadOptions

    private struct Answer: Encodable {
        let lead: SummarizationEvaluation.Scores
        let model: SummarizationEvaluation.Scores
        let textCount: Int
    }

    func validate() throws { try generation.validateOneText() }

    func run() throws {
        threads.apply()
        if let summaries { try AtomicFile.check(summaries) }
        let texts = try names.read(testFiles)
        var summarizer = try Summarizer(path: model)
        summarizer.generator.configuration = try generation.configured(summarizer.generator.configuration)
        summarizer.generator.key = RandomKey(seed: generation.seed)
        summarizer.generator.stopWords = generation.stop
        let found = try precision {
            try SummarizationEvaluation(summarizer).run(texts) {
                Diagnostics.printStatus("summarized \($0) of \(texts.count)")
            }
        }
        Diagnostics.endStatus()
        if let summaries {
            let lines = found.summaries.map { $0.split(whereSeparator: \.isNewline).joined(separator: " ") + "\n" }
            try AtomicFile.write(Array(lines.joined().utf8), to: summaries)
        }
        if json {
            let answer = Answer(lead: found.lead, model: found.model, textCount: texts.count)
            return try Results.print(try JSONEncoding.text(of: answer))
        }
        for (name, scores) in [("model", found.model), ("first sentence", found.lead)] {
            try Results.print(
                "\(name)\tROUGE-1 \(scores.rouge1.shown(2))\tROUGE-2 \(scores.rouge2.shown(2))\t"
                    + "ROUGE-L \(scores.rougeL.shown(2))")
        }
    }
}

public import ArgumentParser
public import Attention
import AttentionCommand
import Glibc

struct Evaluate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure how good a model is.",
        subcommands: [
            EvaluateTranslation.self, EvaluateLanguage.self, EvaluateSummarization.self, EvaluateClassify.self,
            EvaluateAnswer.self, EvaluateTag.self, EvaluateEmbed.self, EvaluateImages.self, EvaluateDetection.self,
            EvaluateSounds.self, EvaluateSpeech.self, EvaluateAttention.self,
        ])
}

struct EvaluateTranslation: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "translation",
        abstract: "Translate a test set and compare with its references: BLEU and chrF2 as sacreBLEU computes them.",
        discussion: """
            Consecutive lines with the same source are one sentence with several references. --model may be repeated to compare \
            models on the same test set.
            """)

    @Option(
        name: .customLong("model"),
        help: ArgumentHelp("A model folder; the model inside this program unless given.", valueName: "dir"))
    var models: [String] = []
    @Option(name: .customLong("test"), help: ArgumentHelp("Sentence pairs; may be repeated.", valueName: "tsv"))
    var testFiles: [String]
    @OptionGroup var choice: TranslatorOptions
    @OptionGroup var search: SearchOptions
    @OptionGroup var texts: TextOptions
    @Flag(help: "Also report BLEU by the length of the source.")
    var byLength = false
    @Flag(help: "Also report how it goes on behind its own beginnings, and behind those of the references.")
    var byBeginning = false
    @Option(help: ArgumentHelp("Draw BLEU by the length of the source.", valueName: "file.svg"))
    var chart: String?
    @Flag(help: "Compare without regard to case.")
    var lowercase = false
    @Option(help: "How BLEU cuts text into words: 13a, intl, char or none.")
    var tokenize = BLEUTokenizer.mteval13a
    @Option(help: ArgumentHelp("Write the translations, one per line.", valueName: "file"))
    var hypotheses: String?
    @Flag(help: "Write the result as JSON.")
    var json = false
    @OptionGroup var precision: PrecisionOptions
    @OptionGroup var threads: ThreadOptions

    func validate() throws {
        try ChartFile.validate(chart, option: "--chart")
        if hypotheses != nil, models.count > 1 {
            throw ValidationError("--hypotheses: expected one model for one file, found \(models.count)")
        }
    }

    func run() throws {
        threads.apply()
        for path in [chart, hypotheses].compactMap(\.self) { try AtomicFile.check(path) }
        let segments = try ParallelCorpus(reading: testFiles).pairs.grouped()
        var lines: [LineChart.Series] = []
        for model in models.isEmpty ? ["default"] : models {
            let result = try evaluate(model, segments)
            if models.count > 1, !json { try Results.print(model) }
            try Results.print(
                json ? try result.json(model: model, byLength: byLength) : result.text(byLength: byLength))
            if let hypotheses {
                try AtomicFile.write(Array(result.hypotheses.map { $0 + "\n" }.joined().utf8), to: hypotheses)
            }
            lines.append(
                LineChart.Series(
                    name: model, points: result.byLength.map { LineChart.Point(x: $0.meanLength, y: $0.bleu) }))
        }
        if let chart {
            let picture = LineChart(
                title: "Translation quality by sentence length", x: LineChart.Axis("words in the source"),
                y: LineChart.Axis("BLEU"), series: lines)
            try AtomicFile.write(Array(picture.svg.utf8), to: chart)
        }
    }

    private func evaluate(_ model: String, _ segments: [ReferenceSegment]) throws -> TranslationEvaluation.Result {
        var evaluation = TranslationEvaluation(
            translator: try choice.translator(of: model),
            bleu: BLEU(tokenizer: tokenize, isLowercased: lowercase))
        search.apply(to: &evaluation.options)
        texts.apply(to: &evaluation.options)
        let result = try precision {
            var result = try evaluation.run(segments) { done, total in
                Diagnostics.printStatus("translated \(done) of \(total)")
            }
            if byBeginning {
                result.byBeginning = try evaluation.byBeginning(segments) { done, total in
                    Diagnostics.printStatus("gone on behind \(done) of \(total) lengths")
                }
            }
            return result
        }
        Diagnostics.endStatus()
        return result
    }
}

extension BLEUTokenizer: ExpressibleByArgument {}

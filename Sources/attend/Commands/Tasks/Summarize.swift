import ArgumentParser
import Attention
import AttentionCommand
import AttentionFiles

struct Summarize: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say long texts in short ones, with BART, PEGASUS or T5.",
        discussion: """
            Without TEXT, each line of standard input is a text; --file takes whole files. What no option says, the folder decides: \
            its generation_config.json, and the words it has for summaries. --attention writes where the \
            model looked in the text when it read it, in the summary and in the text when it wrote it: encoder_attentions.N, \
            decoder_attentions.N and cross_attentions.N for layer N.
            """)

    @Argument(help: "The texts.")
    var text: [String] = []
    @Option(
        name: .customLong("file"), parsing: .upToNextOption,
        help: ArgumentHelp("Summarize what is in these text files.", valueName: "path"))
    var files: [String] = []
    @Option(help: ArgumentHelp("What stands before every text; the folder's words unless given.", valueName: "text"))
    var prompt: String?
    @OptionGroup(title: "Generation") var generation: GenerationOptions
    @OptionGroup var options: WriterOptions

    private struct Answer: Encodable {
        let isCut: Bool
        let score: Double
        let text: String
        let tokens: [Int]
    }

    func validate() throws {
        try options.attention.validate(count: text.count + files.count)
        try generation.validateOneText()
        guard text.isEmpty || files.isEmpty else { throw ValidationError("expected TEXT or --file, found both") }
    }

    func run() throws {
        options.threads.apply()
        Interruption.endsLines()
        if let path = options.attention.attention { try AtomicFile.check(path) }
        var summarizer = try Summarizer(path: options.model)
        summarizer.generator.configuration = try generation.configured(summarizer.generator.configuration)
        summarizer.generator.key = RandomKey(seed: generation.seed)
        summarizer.generator.stopWords = generation.stop
        if let prompt { summarizer.prompt = prompt.hasSuffix(" ") || prompt.isEmpty ? prompt : prompt + " " }
        let whole = try files.map { try TextFile.text(of: $0) }
        var run = TaskRun(observing: options.attention.selection)
        try TextSource(arguments: text + whole).forEachBatch { texts in
            for text in texts { try answer(text, summarizer, in: &run) }
        }
        try options.attention.write(run)
    }

    private func answer(_ text: String, _ summarizer: Summarizer, in run: inout TaskRun) throws {
        let summary = try options.precision {
            try options.ablation(of: summarizer) { try summarizer.summarize(text, in: &run) }
        }
        if summary.isCut {
            Diagnostics.print(
                "attend: the text is longer than the \(summarizer.lengthLimit) tokens the model reads; the rest was left out"
            )
        }
        guard options.json else { return try Results.print(summary.text) }
        try Results.print(
            try JSONEncoding.text(
                of: Answer(
                    isCut: summary.isCut, score: summary.score, text: summary.text, tokens: summary.tokens)))
    }
}

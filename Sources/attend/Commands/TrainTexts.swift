import ArgumentParser
import Attention
import AttentionCommand

struct TrainLanguage: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "language", abstract: "Train a language model on texts, for attend generate.",
        discussion: """
            Data are plain texts, each file a whole. The model is a GPT-2 of the sizes in the settings, or the one of --model; what is left is \
            a folder that transformers reads, too. Bits per byte of the validation texts can be compared between tokenizers; with \
            --set text.tokenizerSize=257 the tokens are bytes.
            """ + " " + TextTrainingOptions.discussion)

    @OptionGroup var options: TextTrainingOptions

    func run() throws {
        let chosen = try options.course.chosen(LanguageSettings())
        try chosen.validate()
        guard !options.course.settings else { return try Results.print(try chosen.json(), terminator: "") }
        guard let output = options.output else { return }
        func texts(_ paths: [String]) throws -> [String] { try paths.map { try CorpusFile(reading: $0).text() } }
        let training = LanguageTraining(
            directory: output, settings: chosen, seed: options.course.seed, initial: options.model)
        try options.course.runTogether(output: output) { exchange, observer in
            try training.run(
                train: try texts(options.trainingFiles), valid: try texts(options.validationFiles),
                tokenizer: try options.givenTokenizer(), isResumed: options.course.resume, exchange: exchange,
                observer: observer)
        }
    }
}

struct TrainSummarization: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "summarization", abstract: "Train a model on texts and their summaries, for attend summarize.",
        discussion: """
            Data are lines of a text and its summary with a tab between them; in .jsonl files objects with both. The model is a T5 of the \
            sizes in the settings, or the one of --model; what is left is a folder that transformers reads, too.
            """ + " " + TextTrainingOptions.discussion)

    @OptionGroup var names: SummaryNames
    @OptionGroup var options: TextTrainingOptions

    func run() throws {
        let chosen = try options.course.chosen(SummarizationSettings())
        try chosen.validate()
        guard !options.course.settings else { return try Results.print(try chosen.json(), terminator: "") }
        guard let output = options.output else { return }
        let training = SummarizationTraining(
            directory: output, settings: chosen, seed: options.course.seed, initial: options.model)
        try options.course.runTogether(output: output) { exchange, observer in
            try training.run(
                train: try names.read(options.trainingFiles), valid: try names.read(options.validationFiles),
                tokenizer: try options.givenTokenizer(), isResumed: options.course.resume, exchange: exchange,
                observer: observer)
        }
    }
}

/// What objects of `.jsonl` files call a text and its summary.
struct SummaryNames: ParsableArguments {
    @Option(help: ArgumentHelp("What objects of .jsonl files call a text.", valueName: "name"))
    var textField = "text"
    @Option(help: ArgumentHelp("What they call its summary.", valueName: "name"))
    var summaryField = "summary"

    func read(_ paths: [String]) throws -> [LongText] {
        try LongText.read(paths, textName: textField, summaryName: summaryField)
    }
}

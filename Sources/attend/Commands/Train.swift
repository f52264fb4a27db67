import ArgumentParser
import Attention
import AttentionCommand
import Glibc

struct Train: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Train a model on data of your own.",
        subcommands: [
            TrainTranslation.self, TrainLanguage.self, TrainSummarization.self, TrainClassify.self, TrainAnswer.self,
            TrainTag.self, TrainEmbed.self, TrainPolicy.self, TrainImages.self,
            TrainDetection.self, TrainSounds.self, TrainSpeech.self,
        ])
}

struct TrainTranslation: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "translation",
        abstract: "Train a translation model on sentence pairs.",
        discussion: """
            Data are lines of two columns parted by a tab, plain or compressed by gzip. Settings have defaults; --config takes a \
            JSON file of changes and --set single ones, as in --set dropout=0.3 or --set model.encoderLayerCount=4; --settings prints them \
            all. Ctrl-C saves and ends; --resume goes on from there exactly.
            """)

    @Option(
        name: .customLong("train"),
        help: ArgumentHelp(
            "Sentence pairs to learn from; may be repeated, and is then mixed as samplingTemperature says.",
            valueName: "tsv"))
    var trainingFiles: [String] = []
    @Option(
        name: .customLong("valid"),
        help: ArgumentHelp("Sentence pairs to choose the best model by; may be repeated.", valueName: "tsv"))
    var validationFiles: [String] = []
    @Option(help: ArgumentHelp("Where the model goes.", valueName: "dir"))
    var output: String?
    @OptionGroup var student: StudentOptions

    func validate() throws {
        guard !student.course.settings else { return }
        if trainingFiles.isEmpty { throw ValidationError("--train: expected at least one file of sentence pairs") }
        if validationFiles.isEmpty { throw ValidationError("--valid: expected at least one file of sentence pairs") }
        if output?.isEmpty ?? true { throw ValidationError("--output: expected a folder for the model") }
    }

    func run() throws {
        try student.train(to: output) {
            (
                try trainingFiles.map { try ParallelCorpus(reading: [$0]).pairs },
                try ParallelCorpus(reading: validationFiles).pairs
            )
        }
    }
}

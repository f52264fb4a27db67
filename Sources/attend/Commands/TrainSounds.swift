import ArgumentParser
import Attention
import AttentionCommand
import AttentionFiles

struct TrainSounds: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sounds",
        abstract: "Train a model on sounds of classes, such as spoken commands, for attend label.",
        discussion: """
            Sounds are WAV or FLAC files in folders named after their classes, or in a table of lines "file TAB class", where files are looked for from the \
            table's folder. So much of each is heard as sounds.seconds says. Each time that one is learnt from, it is moved in time (sounds.shift), and some bands and \
            moments of it are not heard (sounds.maskedBands, sounds.maskedMoments). The model is an audio spectrogram transformer, in a folder that \
            transformers reads, too.
            """ + " " + CourseOptions.discussion)

    @Option(
        name: .customLong("train"),
        help: ArgumentHelp("Sounds to learn from; may be repeated.", valueName: "dir|tsv"))
    var trainingPaths: [String] = []
    @Option(
        name: .customLong("valid"),
        help: ArgumentHelp("Sounds to choose the best model by; may be repeated.", valueName: "dir|tsv"))
    var validationPaths: [String] = []
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Choose by so many of the sounds to learn from, drawn by the seed.", valueName: "n"))
    var holdOut: Int?
    @Option(help: ArgumentHelp("Where the model goes.", valueName: "dir"))
    var output: String?
    @OptionGroup var course: CourseOptions

    func validate() throws {
        guard !course.settings else { return }
        if trainingPaths.isEmpty { throw ValidationError("--train: expected a folder or a table of sounds") }
        if validationPaths.isEmpty == (holdOut == nil) {
            throw ValidationError(
                "expected either --valid, a folder or a table of sounds, or --hold-out, found \(holdOut == nil ? "neither" : "both")"
            )
        }
        if let holdOut, holdOut < 1 { throw ValidationError("--hold-out: expected at least 1, found \(holdOut)") }
        if output?.isEmpty ?? true { throw ValidationError("--output: expected a folder for the model") }
    }

    func run() throws {
        course.threads.apply()
        let chosen = try course.chosen(SoundSettings())
        try chosen.validate()
        guard !course.settings else { return try Results.print(try chosen.json(), terminator: "") }
        guard let output else { return }
        var train = try LabeledSound.read(trainingPaths) { $1.report(of: $0) }
        let valid: [LabeledSound]
        if let holdOut {
            (train, valid) = try LabeledSound.parted(train, holdingOut: holdOut, key: RandomKey(seed: course.seed)[3])
        } else {
            valid = try LabeledSound.read(validationPaths) { $1.report(of: $0) }
        }
        let training = SoundTraining(directory: output, settings: chosen, seed: course.seed)
        try course.run(output: output, unit: "sounds") { observer in
            try training.run(train: train, valid: valid, isResumed: course.resume, observer: observer)
        }
    }
}

extension SoundTrainingError: DataFault {}

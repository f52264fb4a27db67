import ArgumentParser
import Attention
import AttentionCommand
import AttentionFiles

struct TrainSpeech: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "speech",
        abstract: "Train a model to write down what is said, for attend transcribe.",
        discussion: """
            Tables have lines "file TAB text", where WAV and FLAC files are looked for from the table's folder; nobody has to say when which word is spoken. Of the \
            texts letters, marks, digits and apostrophes are kept, in lower case (texts.characters, texts.casing). Sounds longer than sounds.seconds, or too short for their \
            texts, are left out and counted. Each time that a sound is learnt from, some moments are not heard (sounds.maskedShare, sounds.maskedLength). The \
            model is a small wav2vec 2.0 that learns from nothing, in a folder that transformers reads, too.
            """ + " " + CourseOptions.discussion)

    @Option(
        name: .customLong("train"),
        help: ArgumentHelp("Sounds and texts to learn from; may be repeated.", valueName: "tsv"))
    var trainingPaths: [String] = []
    @Option(
        name: .customLong("valid"),
        help: ArgumentHelp("Sounds and texts to choose the best model by; may be repeated.", valueName: "tsv"))
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
        if trainingPaths.isEmpty { throw ValidationError("--train: expected a table of sounds and texts") }
        if validationPaths.isEmpty == (holdOut == nil) {
            throw ValidationError(
                "expected either --valid, a table of sounds and texts, or --hold-out, found \(holdOut == nil ? "neither" : "both")"
            )
        }
        if let holdOut, holdOut < 1 { throw ValidationError("--hold-out: expected at least 1, found \(holdOut)") }
        if output?.isEmpty ?? true { throw ValidationError("--output: expected a folder for the model") }
    }

    func run() throws {
        course.threads.apply()
        let chosen = try course.chosen(SpeechSettings())
        try chosen.validate()
        guard !course.settings else { return try Results.print(try chosen.json(), terminator: "") }
        guard let output else { return }
        var train = try TranscribedSound.read(trainingPaths) { $1.report(of: $0) }
        let valid: [TranscribedSound]
        if let holdOut {
            (train, valid) = try TranscribedSound.parted(
                train, holdingOut: holdOut, key: RandomKey(seed: course.seed)[3])
        } else {
            valid = try TranscribedSound.read(validationPaths) { $1.report(of: $0) }
        }
        let training = SpeechTraining(directory: output, settings: chosen, seed: course.seed)
        try course.run(output: output, unit: "characters") { observer in
            try training.run(train: train, valid: valid, isResumed: course.resume, observer: observer)
        }
    }
}

extension SpeechTrainingError: DataFault {}

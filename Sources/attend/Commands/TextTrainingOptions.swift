import ArgumentParser
import Attention
import AttentionCommand

/// What the commands share that train models that write: where data, model and result lie, and how it is trained.
struct TextTrainingOptions: ParsableArguments {
    @Option(
        name: .customLong("train"), help: ArgumentHelp("Texts to learn from; may be repeated.", valueName: "file"))
    var trainingFiles: [String] = []
    @Option(
        name: .customLong("valid"),
        help: ArgumentHelp("Texts to choose the best model by; may be repeated.", valueName: "file"))
    var validationFiles: [String] = []
    @Option(help: ArgumentHelp("Where the model goes.", valueName: "dir"))
    var output: String?
    @Option(
        help: ArgumentHelp("The folder of a model to start from, instead of random parameters.", valueName: "dir"))
    var model: String?
    @Option(
        help: ArgumentHelp(
            "A tokenizer.json to use; unless given, one is trained on the training data.", valueName: "file"))
    var tokenizer: String?
    @OptionGroup var course: CourseOptions

    /// What is said of files, settings and signals below every command's own words.
    static let discussion = "Files may be compressed by gzip. " + CourseOptions.discussion

    func validate() throws {
        guard !course.settings else { return }
        if trainingFiles.isEmpty { throw ValidationError("--train: expected at least one file of texts") }
        if validationFiles.isEmpty { throw ValidationError("--valid: expected at least one file of texts") }
        if output?.isEmpty ?? true { throw ValidationError("--output: expected a folder for the model") }
        if model != nil, tokenizer != nil {
            throw ValidationError("expected one of --model, which has a tokenizer, and --tokenizer, found both")
        }
    }

    /// The tokenizer that was asked for.
    func givenTokenizer() throws -> Tokenizer? { try tokenizer.map { try Tokenizer(contentsOf: $0) } }
}

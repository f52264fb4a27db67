import ArgumentParser
import Attention
import AttentionCommand
import AttentionFiles

struct TrainImages: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "images", abstract: "Train a model on pictures of classes, for attend label.",
        discussion: """
            Pictures lie in folders named after their classes (PNG, JPEG, PGM and PPM files), or in IDX files with their labels beside them \
            (train-images-idx3-ubyte.gz and train-labels-idx1-ubyte.gz). They are brought to one size, that of the first unless pictures.height and \
            pictures.width say another. Each time that one is learnt from, it may be cut (pictures.crop), seen in a mirror (pictures.flips) and moved \
            (pictures.shift). What a vision transformer (vit) leaves is a folder that transformers reads, too.
            """ + " " + CourseOptions.discussion)

    @Option(
        name: .customLong("train"),
        help: ArgumentHelp("Pictures to learn from; may be repeated.", valueName: "dir|idx"))
    var trainingPaths: [String] = []
    @Option(
        name: .customLong("valid"),
        help: ArgumentHelp("Pictures to choose the best model by; may be repeated.", valueName: "dir|idx"))
    var validationPaths: [String] = []
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Choose by so many of the pictures to learn from, drawn by the seed.", valueName: "n"))
    var holdOut: Int?
    @Option(help: ArgumentHelp("Where the model goes.", valueName: "dir"))
    var output: String?
    @Option(
        help: """
            The kind of network: cct (compact convolutional transformer), vit (vision transformer), cnn (convolutions alone), or convolutions with \
            squeeze-and-excitation, spatial attention or both: cnn-se, cnn-spatial, cnn-cbam.
            """)
    var architecture = ArchitectureName.standard
    @OptionGroup var names: ClassNames
    @OptionGroup var course: CourseOptions

    /// One of the networks that there are.
    struct ArchitectureName: ExpressibleByArgument, CustomStringConvertible {
        let description: String
        let sizes: any ImageArchitecture

        static var standard: ArchitectureName {
            ArchitectureName(description: ImageArchitectures.all[0].name, sizes: ImageArchitectures.all[0].sizes)
        }

        private init(description: String, sizes: any ImageArchitecture) {
            (self.description, self.sizes) = (description, sizes)
        }

        init?(argument: String) {
            guard let sizes = ImageArchitectures.named(argument) else { return nil }
            self.init(description: argument, sizes: sizes)
        }

        static var allValueStrings: [String] { ImageArchitectures.names }
    }

    func validate() throws {
        guard !course.settings else { return }
        if trainingPaths.isEmpty { throw ValidationError("--train: expected a folder or an IDX file of pictures") }
        if validationPaths.isEmpty == (holdOut == nil) {
            throw ValidationError(
                "expected either --valid, a folder or an IDX file of pictures, or --hold-out, found \(holdOut == nil ? "neither" : "both")"
            )
        }
        if let holdOut, holdOut < 1 { throw ValidationError("--hold-out: expected at least 1, found \(holdOut)") }
        if output?.isEmpty ?? true { throw ValidationError("--output: expected a folder for the model") }
    }

    func run() throws {
        course.threads.apply()
        try run(architecture.sizes)
    }

    private func run<Model: ImageArchitecture>(_ defaults: Model) throws {
        let chosen = try course.chosen(ImageSettings(model: defaults))
        try chosen.validate()
        guard !course.settings else { return try Results.print(try chosen.json(), terminator: "") }
        guard let output else { return }
        var train = try LabeledPicture.read(trainingPaths, size: chosen.pictures.size, names: names.names)
        let valid: [LabeledPicture]
        if let holdOut {
            (train, valid) = try LabeledPicture.parted(
                train, holdingOut: holdOut, key: RandomKey(seed: course.seed)[3])
        } else {
            let size = train.first.map { ImageSize(height: $0.image.height, width: $0.image.width) }
            valid = try LabeledPicture.read(validationPaths, size: size, names: names.names)
        }
        let training = ImageTraining(directory: output, settings: chosen, seed: course.seed)
        try course.run(output: output, unit: "pictures") { observer in
            try training.run(train: train, valid: valid, isResumed: course.resume, observer: observer)
        }
    }
}

/// What the classes of IDX files are called.
struct ClassNames: ParsableArguments {
    @Option(
        name: .customLong("classes"),
        help: ArgumentHelp(
            "What the classes of IDX files are called, from 0, with commas between; their numbers unless given.",
            valueName: "names"))
    var list: String?

    var names: [String] {
        list?.split(separator: ",", omittingEmptySubsequences: false).map(String.init) ?? []
    }

    func validate() throws {
        guard Set(names).count == names.count, !names.contains("") else {
            throw ValidationError("--classes: expected names that differ, with commas between, found \(list ?? "")")
        }
    }
}

extension ImageTrainingError: DataFault {}

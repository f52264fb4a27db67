import ArgumentParser
import Attention
import AttentionCommand
import AttentionFiles

struct TrainDetection: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "detection", abstract: "Train a model that finds objects on pictures, for attend detect.",
        discussion: """
            Boxes lie in JSON files as COCO has them (images, annotations, categories); pictures (PNG, JPEG, PGM and PPM files) beside them, or in the folder \
            --pictures. They are brought to one size, that of the first unless pictures.height and pictures.width say another. Each time that one is learnt \
            from, it may be cut (pictures.crop), seen in a mirror (pictures.mirrors) and turned upside down (pictures.flips), and its boxes with it. What is \
            made is a small DETR whose slots are the places of the picture; the one with the highest mean average precision is kept.
            """ + " " + CourseOptions.discussion)

    @Option(
        name: .customLong("train"),
        help: ArgumentHelp("Boxes to learn from; may be repeated.", valueName: "json"))
    var trainingPaths: [String] = []
    @Option(
        name: .customLong("valid"),
        help: ArgumentHelp("Boxes to choose the best model by; may be repeated.", valueName: "json"))
    var validationPaths: [String] = []
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Choose by so many of the pictures to learn from, drawn by the seed.", valueName: "n"))
    var holdOut: Int?
    @OptionGroup var place: PicturePlace
    @Option(help: ArgumentHelp("Where the model goes.", valueName: "dir"))
    var output: String?
    @OptionGroup var course: CourseOptions

    func validate() throws {
        guard !course.settings else { return }
        if trainingPaths.isEmpty { throw ValidationError("--train: expected a JSON file of boxes") }
        if validationPaths.isEmpty == (holdOut == nil) {
            throw ValidationError(
                "expected either --valid, a JSON file of boxes, or --hold-out, found \(holdOut == nil ? "neither" : "both")"
            )
        }
        if let holdOut, holdOut < 1 { throw ValidationError("--hold-out: expected at least 1, found \(holdOut)") }
        if output?.isEmpty ?? true { throw ValidationError("--output: expected a folder for the model") }
    }

    func run() throws {
        course.threads.apply()
        let chosen = try course.chosen(DetectionSettings())
        try chosen.validate()
        guard !course.settings else { return try Results.print(try chosen.json(), terminator: "") }
        guard let output else { return }
        var train = try BoxedPicture.read(trainingPaths, pictures: place.pictures, scale: chosen.pictures.scale)
        let valid: [BoxedPicture]
        if let holdOut {
            (train, valid) = try BoxedPicture.parted(train, holdingOut: holdOut, key: RandomKey(seed: course.seed)[3])
        } else {
            let scale = train.first.map { PictureScale.size(ImageSize(height: $0.image.height, width: $0.image.width)) }
            valid = try BoxedPicture.read(validationPaths, pictures: place.pictures, scale: scale ?? .first)
        }
        let training = DetectionTraining(directory: output, settings: chosen, seed: course.seed)
        try course.run(output: output, unit: "objects") { observer in
            try training.run(train: train, valid: valid, isResumed: course.resume, observer: observer)
        }
    }
}

/// Where the pictures lie that files of boxes name.
struct PicturePlace: ParsableArguments {
    @Option(help: ArgumentHelp("Where the pictures lie; beside the files of boxes unless given.", valueName: "dir"))
    var pictures: String?
}

extension DetectionTrainingError: DataFault {}

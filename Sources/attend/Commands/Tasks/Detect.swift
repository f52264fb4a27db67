import ArgumentParser
import Attention
import AttentionCommand
import AttentionFiles

struct Detect: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Find what there is on pictures, and where.",
        discussion: """
            A detector (DETR) names each object that it is sure of. An answer is a line: the picture where there are several, the label, its \
            probability, and the box in pixels – left, top, right, bottom. Pictures are PNG, JPEG or PNM files. --attention writes where each \
            object was looked for: cross_attentions.N for layer N.
            """)

    @Argument(help: ArgumentHelp("The pictures.", valueName: "image"))
    var images: [String]
    @Option(parsing: .unconditional, help: "How sure the model must be, from 0 to 1.")
    var threshold: Float = 0.9
    @Option(help: ArgumentHelp("Also draw the boxes on the picture.", valueName: "file.png|svg"))
    var draw: String?
    @Option(
        help: ArgumentHelp(
            "A folder with config.json, model.safetensors and preprocessor_config.json.", valueName: "dir"))
    var model: String
    @Flag(help: "Write one JSON object per picture.")
    var json = false
    @OptionGroup var attention: AttentionOptions
    @OptionGroup var precision: PrecisionOptions
    @OptionGroup var threads: ThreadOptions

    private struct Answer: Encodable {
        struct Object: Encodable {
            let label: String
            let score: Float
            let box: DetectedObject.Box
        }
        let image: String
        let objects: [Object]
    }

    func validate() throws {
        try attention.validate(count: images.count)
        guard threshold >= 0, threshold < 1 else {
            throw ValidationError("--threshold: expected a number from 0 to below 1, found \(threshold)")
        }
        guard let draw else { return }
        try FileEnding.check(draw, "--draw", among: [".png", ".svg"])
        guard images.count == 1 else {
            throw ValidationError("--draw: expected one picture beside it, found \(images.count)")
        }
        guard !Directory.isOneFile(images[0], draw) else {
            throw ValidationError("--draw: expected another file than the picture, found \(draw)")
        }
    }

    func run() throws {
        threads.apply()
        for path in [attention.attention, draw].compactMap(\.self) { try AtomicFile.check(path) }
        var detector = try Detector(path: model)
        detector.threshold = threshold
        var run = TaskRun(observing: attention.selection)
        for path in images {
            let image = try Image(picture: path)
            let objects = try precision { try detector.detect(image, in: &run) }
            try print(objects, of: path)
            if let draw { try image.write(objects, to: draw) }
        }
        try attention.write(run, name: "cross_attentions")
    }

    private func print(_ objects: [DetectedObject], of path: String) throws {
        guard !json else {
            let answer = Answer(
                image: path, objects: objects.map { .init(label: $0.label, score: $0.score, box: $0.box) })
            return try Results.print(try JSONEncoding.text(of: answer))
        }
        for object in objects {
            let box = object.box
            let sides = [box.left, box.top, box.right, box.bottom].map { Double($0).shown(1) }
            let fields = [object.label, Double(object.score).shown(4)] + sides
            try Results.print(((images.count > 1 ? [path] : []) + fields).joined(separator: "\t"))
        }
    }
}

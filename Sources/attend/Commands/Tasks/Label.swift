import ArgumentParser
import Attention
import AttentionCommand
import AttentionFiles

struct Label: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say what is to be seen on pictures, or heard in sounds.",
        discussion: """
            A model with classes of its own (ViT, DeiT, Swin, DINOv2, or one of attend train images) says which of them a picture is of; one of texts and pictures (CLIP, \
            SigLIP) which of the --labels fits it. An answer is a line: the picture where there are several, the label, its probability. Pictures are PNG, JPEG or \
            PNM files; WAV and FLAC files are sounds, for an audio spectrogram transformer. In what --attention writes, a compact convolutional transformer has one layer more than it is made of: where its head looks; and a \
            network with spatial attention has for each block how much each place counts.
            """)

    @Argument(help: ArgumentHelp("The pictures, or the sounds.", valueName: "image|sound"))
    var images: [String]
    @Option(help: ArgumentHelp("Descriptions to choose from, with commas between: a cat,a dog.", valueName: "labels"))
    var labels: String?
    @Option(help: "What a description is put into for the model, in the place of {}; \"a photo of {}\" unless given.")
    var template: String?
    @Option(parsing: .unconditional, help: "Labels shown for each picture, the likeliest first.")
    var top = 1
    @Option(
        help: ArgumentHelp(
            "A folder with config.json, model.safetensors and preprocessor_config.json.", valueName: "dir"))
    var model: String
    @Flag(help: "Write one JSON object per picture.")
    var json = false
    @OptionGroup var attention: AttentionOptions
    @OptionGroup var ablation: AblationOptions
    @OptionGroup var precision: PrecisionOptions
    @OptionGroup var threads: ThreadOptions

    private struct Answer: Encodable {
        struct Choice: Encodable {
            let label: String
            let score: Float
        }
        let image: String
        let labels: [Choice]
    }

    func validate() throws {
        try attention.validate(count: images.count)
        guard top >= 1 else { throw ValidationError("--top: expected at least 1, found \(top)") }
        if let template {
            guard template.contains("{}") else {
                throw ValidationError("--template: expected {} where the description stands, found \(template)")
            }
            guard labels != nil else { throw ValidationError("--template: expected --labels to put into it") }
        }
        guard labels == nil || !isHearing else {
            throw ValidationError("--labels: expected pictures, found sounds; leave it out")
        }
        guard choices?.isEmpty != true else { throw ValidationError("--labels: expected descriptions, found none") }
    }

    private var choices: [String]? {
        labels?.split(separator: ",").map { $0.trimmingSpaces }.filter { !$0.isEmpty }
    }

    func run() throws {
        threads.apply()
        if let path = attention.attention { try AtomicFile.check(path) }
        var run = TaskRun(observing: attention.selection)
        let label = try precision { try isHearing ? sounds() : pictures() }
        for path in images {
            let best = try precision { try label(path, &run) }.prefix(top)
            if json {
                let answer = Answer(image: path, labels: best.map { .init(label: $0.label, score: $0.score) })
                try Results.print(try JSONEncoding.text(of: answer))
            } else {
                for choice in best {
                    let place = images.count > 1 ? path + "\t" : ""
                    try Results.print(place + choice.label + "\t" + Double(choice.score).shown(4))
                }
            }
        }
        try attention.write(run)
    }

    /// What labels a file.
    private typealias Labeling = (_ path: String, _ run: inout TaskRun) throws -> [ScoredLabel]

    private var isHearing: Bool { images.allSatisfy(Sound.isNamed) }

    private func sounds() throws -> Labeling {
        let labeler = try SoundLabeler(path: model)
        let left = try ablation.ablation(of: labeler)
        return { path, run in
            do {
                return try withAblation(left) {
                    try labeler.label(Sound(contentsOf: path) { $0.report(of: path) }, in: &run)
                }
            } catch let error as SignalError {
                throw UnreadableSound(path: path, error: error)
            }
        }
    }

    private func pictures() throws -> Labeling {
        let (choices, template) = (choices, template ?? "a photo of {}")
        let labeler =
            try choices.map { names in
                try ImageLabeler(path: model, descriptions: names.map { template.replacingFirst("{}", with: $0) })
            } ?? ImageLabeler(path: model)
        let nameOf = Dictionary(zip(labeler.labels, choices ?? labeler.labels)) { first, _ in first }
        let left = try ablation.ablation(of: labeler)
        return { path, run in
            try withAblation(left) { try labeler.label([Image(picture: path)], in: &run)[0] }.map {
                ScoredLabel(label: nameOf[$0.label] ?? $0.label, score: $0.score)
            }
        }
    }
}

extension Substring {
    fileprivate var trimmingSpaces: String {
        String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}

extension String {
    fileprivate func replacingFirst(_ mark: String, with text: String) -> String {
        guard let range = firstRange(of: mark) else { return self }
        return self[..<range.lowerBound] + text + self[range.upperBound...]
    }
}

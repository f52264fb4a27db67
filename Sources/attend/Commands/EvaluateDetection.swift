import ArgumentParser
import Attention
import AttentionCommand
import AttentionFiles

struct EvaluateDetection: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "detection",
        abstract: "Measure how well a model finds what is on pictures: AP as pycocotools computes it.",
        discussion: """
            Boxes and pictures lie as attend train detection takes them. A line for all classes, and one for each: the average precision over overlaps from \
            0.5 to 0.95 (AP), where half overlaps (AP50), and where three quarters do (AP75); for all, also the share of objects that were found among the \
            hundred surest boxes of a class on a picture (AR).
            """)

    @Option(help: ArgumentHelp("The model's folder.", valueName: "dir"))
    var model: String
    @Option(name: .customLong("test"), help: ArgumentHelp("Boxes; may be repeated.", valueName: "json"))
    var paths: [String]
    @OptionGroup var place: PicturePlace
    @OptionGroup var measuring: MeasuringOptions

    func run() throws {
        measuring.threads.apply()
        let detector = try measuring.precision { try Detector(path: model) }
        let pictures = try BoxedPicture.read(paths, pictures: place.pictures)
        let found = try measuring {
            try DetectionEvaluation(of: detector, on: pictures) {
                Diagnostics.printStatus("seen \($0) of \(pictures.count)")
            }
        }
        if measuring.json { try found.printJSON() } else { try found.print() }
    }
}

extension DetectionEvaluation {
    private struct Answer: Encodable {
        struct Score: Encodable {
            let label: String?
            let mean, atHalf, atThreeQuarters, recall: Double?

            init(_ score: MeanAveragePrecision, label: String? = nil) {
                self.label = label
                (mean, atHalf, atThreeQuarters) = (score.mean, score.atHalf, score.atThreeQuarters)
                recall = score.recall
            }
        }
        let all: Score
        let classes: [Score]
        let count: Int
        let objectCount: Int
    }

    /// One JSON object.
    func printJSON() throws {
        let classes = zip(classScores, labels).map { Answer.Score($0, label: $1) }
        try Results.print(
            try JSONEncoding.text(
                of: Answer(all: Answer.Score(score), classes: classes, count: count, objectCount: objectCount)))
    }

    /// A line for all classes, and one for each.
    func print() throws {
        func text(_ value: Double?) -> String { value.map { $0.shown(4) } ?? "–" }
        func line(_ score: MeanAveragePrecision) -> String {
            "AP \(text(score.mean))\tAP50 \(text(score.atHalf))\tAP75 \(text(score.atThreeQuarters))"
        }
        try Results.print("\(line(score))\tAR \(text(score.recall))\t\(objectCount) objects on \(count) pictures")
        for (label, score) in zip(labels, classScores) { try Results.print("\(label)\t\(line(score))") }
    }
}

import Attention
import Foundation

/// Can a set of boxes be learnt from two hundred photographs, without suppressing what was found twice? Blood cells, found by a small DETR that is
/// trained from its beginning.
///
///     swift run -c release BloodCells train DATA FOLDER UPDATES [SEED]
///     swift run -c release BloodCells judge DATA FOLDER
///     swift run -c release BloodCells draw DATA FOLDER NUMBER
///
/// DATA is the folder of the photographs and their boxes. The first trains into FOLDER, or goes on there, and judges; the second judges on the
/// photographs of the test; the third draws what is found on one of them, and where the network looked for the surest of each kind. *Source:* Carion et al.
/// 2020, *End-to-End Object Detection with Transformers*; the photographs: BCCD.
@main
struct BloodCells {
    static func main() throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        switch (arguments.first, arguments.count) {
        case ("train", 4...5):
            guard let updates = Int(arguments[3]), updates > 0,
                let seed = arguments.count > 4 ? UInt64(arguments[4]) : 1
            else { usage() }
            guard try train(arguments[1], arguments[2], updates: updates, seed: seed) else {
                return print("interrupted; the same command continues")
            }
            try judge(arguments[1], arguments[2])
        case ("judge", 3): try judge(arguments[1], arguments[2])
        case ("draw", 4):
            guard let number = Int(arguments[3]) else { usage() }
            try draw(arguments[1], arguments[2], number)
        default: usage()
        }
    }

    private static func usage() -> Never {
        print("usage: BloodCells train DATA FOLDER UPDATES [SEED]")
        print("       BloodCells judge DATA FOLDER")
        print("       BloodCells draw DATA FOLDER NUMBER")
        exit(64)
    }

    /// Whether the training came to its end; one that did before is left as it is.
    private static func train(_ data: String, _ folder: String, updates: Int, seed: UInt64) throws -> Bool {
        func exists(_ file: String) -> Bool { access(folder + "/" + file, F_OK) == 0 }
        guard !exists("model.safetensors") else { return true }
        StopSignal.install()
        var settings = DetectionSettings()
        // Cells have no right way up.
        settings.pictures.flips = true
        settings.training.maximumUpdates = updates
        let parts = try ["train", "valid"].map { try CellPhotographs.read($0, in: data) }
        return try DetectionTraining(directory: folder, settings: settings, seed: seed).run(
            train: parts[0], valid: parts[1], isResumed: exists("training/checkpoint.safetensors")
        ) { report in
            switch report {
            case .prepared(let found): print("\(found.data), \(found.parameterCount) parameters")
            case .training(.validation(let found)):
                print(
                    "update \(found.update): loss \(rounded(found.loss)), AP \(rounded(found.metrics["AP"])), AP50 \(rounded(found.metrics["AP50"]))"
                )
            case .training: break
            }
        } != .interrupted
    }

    private static func judge(_ data: String, _ folder: String) throws {
        let photographs = try CellPhotographs.read("test", in: data)
        let found = try DetectionEvaluation(of: Detector(path: folder), on: photographs)
        print("\(found.objectCount) cells on \(found.count) photographs")
        for (label, score) in [("all", found.score)] + Array(zip(found.labels, found.classScores)) {
            print(
                "\(label): AP \(rounded(score.mean)), AP50 \(rounded(score.atHalf)), AP75 \(rounded(score.atThreeQuarters))"
            )
        }
    }

    private static func draw(_ data: String, _ folder: String, _ number: Int) throws {
        let photographs = try CellPhotographs.read("test", in: data)
        guard photographs.indices ~= number else {
            print("expected a photograph's number from 0 to \(photographs.count - 1), found \(number)")
            exit(65)
        }
        let image = photographs[number].image
        var detector = try Detector(path: folder)
        detector.threshold = 0.4
        var run = TaskRun(observing: AttentionSelection(layers: [detector.layerCount - 1]))
        let objects = try detector.detect(image, in: &run)
        let large = try image.resized(width: image.width * 5, height: image.height * 5, filter: .bilinear)
        try large.write(objects.map { $0.scaled(by: 5) }, to: "\(folder)/cells-\(number).svg")
        guard let row = run.attentions.first, let layer = row.layers.first else { return }
        // All heads together.
        let looks = try layer.weights.mean(axis: 0)
        let columnCount = row.places.count { $0.hasPrefix("row 1, ") }
        for label in detector.labels {
            guard let place = objects.firstIndex(where: { $0.label == label }) else { continue }
            let picture = LookPicture(
                image, objects[place], shares: try looks.at(place).values, columnCount: columnCount)
            try Data(picture.svg.utf8).write(to: URL(filePath: "\(folder)/cells-\(number)-\(label).svg"))
        }
        print("\(objects.count) cells; see \(folder)/cells-\(number).svg")
    }

    private static func rounded(_ number: Double?) -> String {
        number.map { "\(($0 * 1000).rounded() / 1000)" } ?? "–"
    }
}

import AttentionTensors
import AttentionTraining
import FoundationEssentials
import Glibc
import SharedPictures

/// Can one read a number without seeing all of it? A network that sees by glimpses and chooses where to look, and a reader that looks softly at one digit
/// after the other.
///
///     swift run -c release HouseNumbers glimpses translated|cluttered MNIST FOLDER UPDATES [SEED]
///     swift run -c release HouseNumbers read MNIST FOLDER UPDATES [SEED]
///
/// MNIST is the folder of its four files. Each trains for so many updates, or continues the training in that folder, then tells how often it errs
/// on scenes composed of digits that it has not seen, and draws where it looked. *Source:* Mnih et al. 2014, *Recurrent Models of Visual Attention*; Ba, Mnih
/// & Kavukcuoglu 2015, *Multiple Object Recognition with Visual Attention*.
@main
struct HouseNumbers {
    static func main() throws {
        var arguments = CommandLine.arguments.dropFirst()
        let kind = arguments.popFirst()
        let layouts: [String: DigitScene.Layout] = ["translated": .translated, "cluttered": .cluttered]
        let layout = kind == "read" ? .numbers : kind == "glimpses" ? layouts[arguments.popFirst() ?? ""] : nil
        guard let layout, (3...4).contains(arguments.count), let data = arguments.popFirst(),
            let folder = arguments.popFirst(), let updates = arguments.popFirst().flatMap(Int.init), updates > 0,
            let seed = arguments.popFirst().map(UInt64.init) ?? 1
        else {
            print("usage: HouseNumbers glimpses translated|cluttered MNIST FOLDER UPDATES [SEED]")
            print("       HouseNumbers read MNIST FOLDER UPDATES [SEED]")
            exit(64)
        }
        StopSignal.install()
        let (train, test) = (
            try DigitCollection(part: "train", in: data), try DigitCollection(part: "test", in: data)
        )
        let configuration = try configuration(folder, updates: updates, seed: seed)
        let fresh = scenes(5000, layout, from: test, key: RandomKey(seed: seed)[3])
        if kind == "read" {
            guard let reader = try run(try readerTraining(layout, from: train, configuration), folder) else { return }
            try judge(reader, on: fresh, folder)
        } else {
            guard let network = try run(try glimpseTraining(layout, from: train, configuration), folder) else { return }
            try judge(network, on: fresh, folder)
        }
    }

    private static func configuration(
        _ folder: String, updates: Int, seed: UInt64
    ) throws -> TrainingConfiguration {
        try FileManager.default.createDirectory(atPath: folder + "/training", withIntermediateDirectories: true)
        var configuration = TrainingConfiguration()
        configuration.maximumUpdates = updates
        configuration.seed = seed
        configuration.clippingNorm = 5
        configuration.validationInterval = 1000
        configuration.checkpointInterval = 500
        configuration.progressInterval = 100
        configuration.snapshots = .last(0)
        configuration.directory = folder + "/training"
        configuration.logPath = folder + "/log.jsonl"
        return configuration
    }

    /// The model behind its training, which it leaves in the folder; nil if that was interrupted.
    private static func run<Model: Module>(
        _ trainer: Trainer<Model, SceneBatches>, _ folder: String
    ) throws -> Model? {
        var trainer = trainer
        if trainer.hasCheckpoint { try trainer.resume() }
        print("\(trainer.model.parameterCount) parameters")
        let reason = try trainer.run { event in
            if case .validation(let validation) = event {
                print("update \(validation.update): error \(percent(validation.loss))")
            }
        }
        guard reason != .interrupted else {
            print("interrupted; the same command continues")
            return nil
        }
        try trainer.model.save(to: folder + "/model.safetensors")
        return trainer.model
    }

    private static func judge(_ network: GlimpseNetwork, on fresh: [DigitScene], _ folder: String) throws {
        print("\(fresh.count) fresh scenes: error \(percent(try glimpseError(network, on: fresh)))")
        let shown = Array(fresh.prefix(6))
        let gaze = try network.look(at: shown)
        for (index, scene) in shown.enumerated() {
            let picture = ScenePicture(scene)
                .adding(path: gaze.places.map { $0[index] }, squareSize: network.sensor.size)
            try picture.svg.write(toFile: "\(folder)/glimpses-\(index + 1).svg")
        }
    }

    private static func judge(_ reader: NumberReader, on fresh: [DigitScene], _ folder: String) throws {
        let errors = try readingErrors(reader, on: fresh)
        let byLength = errors.byLength.sorted { $0.key < $1.key }.map { "of \($0.key): \(percent($0.value))" }
        print("\(fresh.count) fresh numbers: error \(percent(errors.whole)); \(byLength.joined(separator: ", "))")
        let shown = Array(fresh.prefix(4))
        for (index, (scene, reading)) in zip(shown, try reader.read(shown, limit: 4)).enumerated() {
            for (step, look) in reading.looks.enumerated() {
                let picture = ScenePicture(scene).adding(shares: look, grid: reader.grid)
                try picture.svg.write(toFile: "\(folder)/number-\(index + 1)-\(step + 1).svg")
            }
        }
    }

    private static func percent(_ share: Double) -> String { "\((share * 10000).rounded() / 100) %" }
}

extension String {
    fileprivate func write(toFile path: String) throws { try Data(utf8).write(to: URL(filePath: path)) }
}

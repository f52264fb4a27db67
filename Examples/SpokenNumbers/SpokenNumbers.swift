import AttentionFiles
import AttentionInspection
import AttentionMechanisms
import AttentionTensors
import AttentionTraining
import Foundation

/// Can one write down what one hears without knowing where one is? Two networks that listen to spoken digits and write them down, one that looks by content
/// alone, and one that also knows where it looked before; on numbers as long as those they learnt from, and longer ones.
///
///     swift run -c release SpokenNumbers compare FSDD FOLDER UPDATES [SEED]
///
/// FSDD is a folder with the folders `train`, `valid` and `test` of the Free Spoken Digit Dataset's recordings. Each network is trained into a file of
/// FOLDER, or continued there. *Source:* Chorowski et al. 2015, *Attention-Based Models for Speech Recognition*, sec. 4.
@main
struct SpokenNumbers {
    static func main() throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard (4...5).contains(arguments.count), arguments[0] == "compare", let updates = Int(arguments[3]),
            updates > 0,
            let seed = arguments.count > 4 ? UInt64(arguments[4]) : 1
        else {
            print("usage: SpokenNumbers compare FSDD FOLDER UPDATES [SEED]")
            exit(64)
        }
        StopSignal.install()
        let parts = try ["train", "valid", "test"].map { try DigitRecordings(folder: arguments[1] + "/" + $0) }
        let fresh = try [1, 2, 3, 4, 5, 6, 8, 10, 12].flatMap { length in
            try parts[2].numbers(100, lengths: length...length, key: RandomKey(seed: seed)[9][length])
        }
        let key = RandomKey(seed: seed)[0]
        for (name, run) in [
            ("plain", { try report(.plain(key: key), "plain", parts, fresh, arguments[2], updates, seed) }),
            ("locating", { try report(.locating(key: key), "locating", parts, fresh, arguments[2], updates, seed) }),
        ] as [(String, () throws -> Bool)] where try !run() {
            return print("\(name): interrupted; the same command continues")
        }
    }

    /// Trains a listener and says how often it errs; false if it was interrupted.
    private static func report<Attention>(
        _ listener: NumberListener<Attention>, _ name: String, _ parts: [DigitRecordings], _ fresh: [SpokenNumber],
        _ folder: String, _ updates: Int, _ seed: UInt64
    ) throws -> Bool {
        let place = folder + "/" + name
        try FileManager.default.createDirectory(atPath: place + "/training", withIntermediateDirectories: true)
        var configuration = TrainingConfiguration()
        (configuration.maximumUpdates, configuration.seed, configuration.clippingNorm) = (updates, seed, 1)
        (configuration.validationInterval, configuration.checkpointInterval) = (500, 250)
        configuration.snapshots = .last(0)
        (configuration.directory, configuration.logPath) = (place + "/training", place + "/log.jsonl")
        var trainer = try listenerTraining(listener, train: parts[0], valid: parts[1], configuration)
        if trainer.hasCheckpoint { try trainer.resume() }
        print("\(name): \(trainer.model.parameterCount) parameters")
        let reason = try trainer.run { event in
            if case .validation(let found) = event {
                print("update \(found.update): \(percent(found.loss)) of digits wrong")
            }
        }
        guard reason != .interrupted else { return false }
        try trainer.model.save(to: place + "/model.safetensors")
        let errors = try WritingErrors(of: trainer.model, on: fresh)
        for (length, found) in errors.byLength.sorted(by: { $0.key < $1.key }) {
            print(
                "\(length) digits: \(percent(Double(found.wrongCount) / Double(found.count))) of numbers wrong, "
                    + "\(percent(Double(found.edits) / Double(found.count * length))) of digits")
        }
        try draw(trainer.model, fresh, place)
        return true
    }

    /// Where a listener looked while it wrote a number of five digits, and one of ten.
    private static func draw<Attention>(
        _ listener: NumberListener<Attention>, _ fresh: [SpokenNumber], _ place: String
    ) throws {
        for length in [5, 10] {
            guard let number = fresh.first(where: { $0.digits.count == length }) else { continue }
            let writing = try listener.write([number], limit: length + 3)[0]
            let moments = writing.looks[0].indices.map { $0 % 25 == 0 ? "\($0 / 25) s" : "" }
            let matrix = try AlignmentMatrix(
                name: number.digits.map(String.init).joined(separator: " "), source: moments,
                target: writing.digits.map(String.init) + (writing.digits.count < writing.looks.count ? ["end"] : []),
                weights: writing.looks)
            try AtomicFile.write(Array(Figure(matrix).svg.utf8), to: "\(place)/looks-\(length).svg")
        }
    }

    private static func percent(_ share: Double) -> String { "\((share * 1000).rounded() / 10) %" }
}

import AttentionFiles
import AttentionTensors
import AttentionTraining
import Glibc

/// Does looking softly or hard tell better what stands in a picture? A network that says what it sees, word by word, and looks before each word at all places a
/// little, or at one; of scenes of digits ("a three above two ones") and of emoji ("woman golfing: medium skin tone").
///
///     swift run -c release ShowAttendTell train LOOK scenes|emoji DATA FOLDER UPDATES [SEED]
///     swift run -c release ShowAttendTell evaluate LOOK scenes|emoji DATA FOLDER [SEED]
///     swift run -c release ShowAttendTell draw LOOK scenes|emoji DATA FOLDER COUNT [SEED]
///
/// LOOK is `soft`, `covering` (softly, and it costs to leave places out), `reinforce`, `gumbel` or `exact`; DATA the folder of MNIST's four files or of the emoji.
/// The first trains for so many updates, or goes on with the training in that folder; the others tell how good the captions of pictures are that
/// it has not seen, and draw where it looked at each word. *Source:* Xu et al. 2015, *Show, Attend and Tell: Neural Image Caption Generation with Visual Attention*.
@main
struct ShowAttendTell {
    static func main() throws {
        var arguments = CommandLine.arguments.dropFirst()
        guard let verb = arguments.popFirst(), let look = arguments.popFirst(), let name = arguments.popFirst(),
            let data = arguments.popFirst(), let folder = arguments.popFirst(),
            let count = verb == "evaluate" ? 0 : arguments.popFirst().flatMap(Int.init), count >= 0,
            let seed = arguments.popFirst().map(UInt64.init) ?? 1, arguments.isEmpty
        else { usage() }
        let order = Order(verb: verb, look: look, pictures: name, folder: folder, count: count, seed: seed)
        StopSignal.install()
        switch name {
        case "scenes": try run(on: SceneTask(folder: data), order)
        case "emoji": try run(on: EmojiTask(folder: data), order)
        default: usage()
        }
    }

    /// What is to be done, and where.
    private struct Order {
        let verb, look, pictures, folder: String
        let count: Int
        let seed: UInt64
    }

    private static func usage() -> Never {
        print(
            "usage: ShowAttendTell train soft|covering|reinforce|gumbel|exact scenes|emoji DATA FOLDER UPDATES [SEED]")
        print("       ShowAttendTell evaluate LOOK scenes|emoji DATA FOLDER [SEED]")
        print("       ShowAttendTell draw LOOK scenes|emoji DATA FOLDER COUNT [SEED]")
        exit(64)
    }

    private static func run(on task: some CaptionTask, _ order: Order) throws {
        let sizes = task.sizes
        switch order.look {
        case "soft": try run(SoftLook(), sizes, on: task, order)
        case "covering": try run(SoftLook(coverage: 0.1), sizes, on: task, order)
        case "reinforce":
            let look = DrawnLook(stateSize: sizes.stateSize, key: RandomKey(seed: order.seed)[4])
            try run(look, sizes, on: task, order)
        case "gumbel": try run(RelaxedLook(), sizes, on: task, order)
        case "exact": try run(MarginalLook(), sizes, on: task, order)
        default: usage()
        }
    }

    private static func run(
        _ look: some Look, _ sizes: TellerSizes, on task: some CaptionTask, _ order: Order
    ) throws {
        let teller = PictureTeller(look, sizes, task.vocabulary, key: RandomKey(seed: order.seed)[0])
        switch order.verb {
        case "train" where order.count > 0: try train(teller, on: task, order)
        case "evaluate": try evaluate(try loaded(teller, order), on: task, order)
        case "draw": try draw(try loaded(teller, order), on: task, order)
        default: usage()
        }
    }

    private static func loaded<Looking>(
        _ teller: PictureTeller<Looking>, _ order: Order
    ) throws -> PictureTeller<Looking> {
        try teller.loaded(from: SafetensorsFile(path: order.folder + "/model.safetensors"))
    }

    private static func train<Looking>(
        _ teller: PictureTeller<Looking>, on task: some CaptionTask, _ order: Order
    ) throws {
        try Directory.create(order.folder + "/training")
        var configuration = TrainingConfiguration()
        (configuration.maximumUpdates, configuration.seed) = (order.count, order.seed)
        configuration.identity = ["look": order.look, "pictures": order.pictures]
        configuration.clippingNorm = 5
        configuration.validationInterval = 1000
        configuration.checkpointInterval = 500
        configuration.snapshots = .last(0)
        configuration.directory = order.folder + "/training"
        configuration.logPath = order.folder + "/log.jsonl"
        var trainer = try captionTraining(teller, on: task, configuration)
        if trainer.hasCheckpoint { try trainer.resume() }
        print("\(trainer.model.parameterCount) parameters, \(task.vocabulary.count) words")
        let reason = try trainer.run { event in
            switch event {
            case .progress(let report): print(ProgressLine(report, maximumUpdates: order.count, unit: "words"))
            case .validation(let found): print("update \(found.update): \(percent(found.loss)) of captions wrong")
            default: break
            }
        }
        guard reason != .interrupted else { return print("interrupted; the same command continues") }
        try trainer.model.save(to: order.folder + "/model.safetensors")
        try evaluate(trainer.model, on: task, order)
    }

    /// How good captions are, of each part.
    private static func evaluate<Looking>(
        _ teller: PictureTeller<Looking>, on task: some CaptionTask, _ order: Order
    ) throws {
        for (name, pictures) in task.fresh(key: RandomKey(seed: order.seed)[3]) {
            let told = try teller.captions(of: pictures, limit: task.longestCaption)
            let scores = try CaptionScores(told, references: pictures.map(\.words))
            print(
                "\(name): \(pictures.count) pictures, \(percent(scores.rightShare)) of captions right, "
                    + "BLEU-4 \(rounded(scores.bleu)), CIDEr-D \(rounded(scores.cider))")
        }
    }

    /// Where it looked at each word of so many pictures of each part.
    private static func draw<Looking>(
        _ teller: PictureTeller<Looking>, on task: some CaptionTask, _ order: Order
    ) throws {
        for (name, pictures) in task.fresh(key: RandomKey(seed: order.seed)[3]) {
            let shown = Array(pictures.prefix(order.count))
            guard !shown.isEmpty else { continue }
            for (index, (picture, telling)) in zip(
                shown, try teller.tell(shown, limit: task.longestCaption)
            ).enumerated() {
                let strip = LookStrip(picture, words: telling.words, looks: telling.looks, grid: teller.sizes.grid)
                let path = "\(order.folder)/\(name.replacing(" ", with: "-"))-\(index + 1).svg"
                try AtomicFile.write(Array(strip.svg.utf8), to: path)
                print(
                    "\(path): \(telling.words.joined(separator: " ")) (\(picture.words.joined(separator: " ")))")
            }
        }
    }

    private static func percent(_ share: Double) -> String { "\((share * 1000).rounded() / 10) %" }
    private static func rounded(_ score: Double) -> String { "\((score * 100).rounded() / 100)" }
}

import AttentionModels
import AttentionMusic
import AttentionTensors
import AttentionTraining
import FoundationEssentials
import Glibc

/// Does it help to know how long ago something was? Small models of Bach's chorales, with relative positions, absolute ones and none.
///
///     swift run -c release Chorales train CHORALES.json.gz FOLDER UPDATES relative|absolute|none [SEED]
///     swift run -c release Chorales judge CHORALES.json.gz FOLDER
///     swift run -c release Chorales count CHORALES.json.gz [FILE.mid …]
///
/// The first trains a model, or continues the training in that folder, and writes it there; the second tells how surprised it is by the
/// chorales it has not seen; the third counts what teachers of harmony mark, in Bach's chorales and in files of four voices. *Source:* Huang et al. 2019, *Music Transformer*, sec. 4.1.
@main
struct Chorales {
    static func main() throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        switch (arguments.first, arguments.count) {
        case ("train", 5...6):
            guard let updates = Int(arguments[3]), updates > 0,
                let positions = MusicTransformerConfiguration.Positions(rawValue: arguments[4]),
                let seed = arguments.count < 6 ? 1 : UInt64(arguments[5])
            else { usage() }
            var settings = ChoraleSettings()
            (settings.updates, settings.model.positions, settings.seed) = (updates, positions, seed)
            try train(settings, ChoraleCollection(contentsOf: arguments[1]), in: arguments[2])
        case ("judge", 3):
            try judge(MusicTransformer.read(arguments[2]), by: ChoraleCollection(contentsOf: arguments[1]))
        case ("count", 2...):
            let chorales = try ChoraleCollection(contentsOf: arguments[1])
            for (name, pieces) in [("train", chorales.train), ("valid", chorales.valid), ("test", chorales.test)] {
                print(line(name, pieces.reduce(VoiceLeading()) { $0 + VoiceLeading(of: $1) }))
            }
            for path in arguments.dropFirst(2) { print(line(path, VoiceLeading(of: try chorale(at: path)))) }
        default: usage()
        }
    }

    /// The four voices of a MIDI file.
    private static func chorale(at path: String) throws -> ChoraleGrid {
        let voices = try MusicScore(try MIDIFile(contentsOf: path)).voices()
        guard voices.count == ChoraleGrid.voiceCount else { usage() }
        return try ChoraleGrid(pitches: voices[0].indices.flatMap { step in voices.map { $0[step] } })
    }

    private static func line(_ name: String, _ found: VoiceLeading) -> String {
        func perThousand(_ count: Int) -> Double {
            (Double(count) / Double(max(1, found.motionCount)) * 10_000).rounded() / 10
        }
        return "\(name): \(found.stepCount) steps, \(found.motionCount) motions of two voices, of 1000 of them "
            + "\(perThousand(found.parallelFifthCount)) parallel fifths and \(perThousand(found.parallelOctaveCount)) octaves; "
            + "\(found.outsideRangeCount) of \(found.pitchCount) pitches outside the ranges, \(found.crossingCount) steps with crossed voices"
    }

    private static func usage() -> Never {
        print("usage: Chorales train CHORALES.json.gz FOLDER UPDATES relative|absolute|none [SEED]")
        print("       Chorales judge CHORALES.json.gz FOLDER")
        print("       Chorales count CHORALES.json.gz [FILE.mid …]")
        exit(64)
    }

    private static func train(_ settings: ChoraleSettings, _ chorales: ChoraleCollection, in folder: String) throws {
        StopSignal.install()
        try FileManager.default.createDirectory(atPath: folder + "/training", withIntermediateDirectories: true)
        var configuration = TrainingConfiguration()
        configuration.maximumUpdates = settings.updates
        configuration.seed = settings.seed
        configuration.clippingNorm = 1
        configuration.validationInterval = 250
        configuration.checkpointInterval = 100
        configuration.progressInterval = 50
        configuration.snapshots = .last(0)
        configuration.directory = folder + "/training"
        configuration.logPath = folder + "/log.jsonl"
        var trainer = try choraleTraining(settings, chorales, configuration)
        if trainer.hasCheckpoint { try trainer.resume() }
        print("\(trainer.model.parameterCount) parameters, \(settings.updates) updates")
        let reason = try trainer.run { event in
            switch event {
            case .progress(let progress):
                print(ProgressLine(progress, maximumUpdates: settings.updates))
            case .validation(let validation): print("update \(validation.update): validation loss \(validation.loss)")
            default: break
            }
        }
        guard reason != .interrupted else { return print("interrupted; the same command continues") }
        try MusicTransformer.write(trainer.model, settings.model, as: .bfloat16, to: folder)
    }

    private static func judge(_ model: CausalLanguageModel, by chorales: ChoraleCollection) throws {
        for (name, pieces) in [("valid", chorales.valid), ("test", chorales.test)] {
            let loss = try ChoraleLoss(of: model, on: pieces, length: ChoraleSettings().length)
            print(
                "\(name): \(pieces.count) chorales, \(loss.tokenCount) tokens, "
                    + "\(loss.perToken) nats a token, \(loss.perStep) nats a step")
        }
    }
}

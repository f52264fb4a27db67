import Attention
import Foundation
import Testing

/// `attend compose` with an untrained model.
@Suite struct ComposeTests {
    static func model(in folder: TemporaryFolder) throws -> String {
        var sizes = MusicTransformerConfiguration()
        (sizes.modelSize, sizes.headCount, sizes.layerCount, sizes.feedForwardSize) = (8, 2, 1, 8)
        sizes.farthestDistance = 8
        let path = folder.path("music")
        try MusicTransformer.write(
            MusicTransformer.model(sizes, key: RandomKey(seed: 1)), sizes, as: .bfloat16, to: path)
        return path
    }

    private let folder: TemporaryFolder
    private let model: String

    init() throws {
        folder = try TemporaryFolder()
        model = try Self.model(in: folder)
    }

    private func compose(_ arguments: String...) throws -> Command {
        try Command.run(["compose", "--model", model, "--threads", "1"] + arguments)
    }

    /// A device has no ending, and gets what the option writes.
    @Test func aPictureMayGoAnywhere() throws {
        let drawn = try compose("--bars", "1", "--output", folder.path("one.mid"), "--svg", "/dev/stdout")
        #expect(
            drawn.status == 0 && drawn.output.contains("<svg ") && drawn.output.contains("</svg>"), "\(drawn.errors)")
        let silent = try compose("--bars", "1", "--output", folder.path("one.mid"), "--wav", "/dev/null")
        #expect(silent.status == 0 && !silent.output.contains("<svg "), "\(silent.errors)")
    }

    private func voices(_ name: String) throws -> [[Int?]] {
        try MusicScore(MIDIFile(contentsOf: folder.path(name))).voices()
    }

    @Test func notesSoundAndPicture() throws {
        let (notes, sound, picture) = (folder.path("a.mid"), folder.path("a.wav"), folder.path("a.svg"))
        let first = try compose(
            "--prime", "C4 E4 G4", "--bars", "2", "--seed", "7", "--output", notes, "--wav", sound, "--svg", picture)
        #expect(first.status == 0 && first.output.hasPrefix("\(notes): 32 steps, ln P -"), "\(first.errors)")
        #expect(try voices("a.mid")[0].prefix(12) == [60, 60, 60, 60, 64, 64, 64, 64, 67, 67, 67, 67])
        #expect(try Sound(contentsOf: sound).duration > 6)
        let svg = try String(contentsOfFile: picture, encoding: .utf8)
        #expect(svg.contains("here the model begins") && svg.contains("<title>bar 1: "))
        let bytes = try Data(contentsOf: URL(fileURLWithPath: notes))
        _ = try compose("--prime", "C4 E4 G4", "--bars", "2", "--seed", "7", "--output", notes)
        #expect(try Data(contentsOf: URL(fileURLWithPath: notes)) == bytes)
    }

    @Test func aMelodyIsHarmonised() throws {
        let melody = MusicScore(
            resolution: 4,
            parts: [
                .init(name: "", notes: [.init(pitch: 67, start: 0, end: 6), .init(pitch: 65, start: 6, end: 8)])
            ])
        try melody.midi.write(to: folder.path("melody.mid"))
        let done = try compose("--harmonise", folder.path("melody.mid"), "--output", folder.path("b.mid"))
        #expect(done.status == 0, "\(done.errors)")
        #expect(try voices("b.mid").count == 4)
        #expect(try voices("b.mid")[0] == [67, 67, 67, 67, 67, 67, 65, 65])
        let over = try compose("--harmonise", folder.path("melody.mid"), "--output", folder.path("melody.mid"))
        #expect(over.status == 64 && over.errors.contains("--output: expected another file than"), "\(over.errors)")
        // What was written can be gone on with, though an untrained model crosses voices.
        let more = try compose(
            "--prime", folder.path("b.mid"), "--bars", "1", "--output", folder.path("c.mid"), "--candidates", "2")
        #expect(more.status == 0, "\(more.errors)")
        #expect(try voices("c.mid").map { $0.prefix(8) } == voices("b.mid").map { $0.prefix(8) })
    }

    @Test func refusals() throws {
        for (arguments, status, sentence) in [
            (
                ["--prime", "C4 C6"], 65,
                "outline: expected the soprano from C4 to A5, as Bach writes it, found C6 at step 4;"
            ),
            (["--prime", "H4"], 65, "note: expected a name such as C4, F#3 or Bb5"),
            (["--prime", "nowhere.mid"], 65, "nowhere.mid"),
            (["--prime", "C4", "--harmonise", "x.mid"], 64, "expected one of --prime and --harmonise, found both"),
            (["--bars", "0"], 64, "--bars: expected 1 to 64, found 0"),
            (["--bars", "-2"], 64, "--bars: expected 1 to 64, found -2"),
            (["--candidates", "-1"], 64, "--candidates: expected 1 to 64, found -1"),
            (["--temperature", "-1"], 64, "--temperature: expected at least 0, found -1.0"),
            (["--bars", "1", "--prime", "C4 C4 C4 C4 C4"], 65, "outline: expected at most 16 steps, found 20 given;"),
            (
                ["--bars", "1", "--svg", folder.path("x.svg"), "--look-from", "16"], 65,
                "gaze: expected a step of the 16"
            ),
        ] {
            let command = try Command.run(
                ["compose", "--model", model, "--output", folder.path("x.mid")] + arguments)
            #expect(command.status == status && command.errors.contains(sentence), "\(arguments): \(command.errors)")
        }
        for (arguments, status, sentence) in [
            (["--wav", "x.mp3"], 64, "--wav: expected a file ending in .wav, found x.mp3"),
            (["--svg", "x.png"], 64, "--svg: expected a file ending in .svg, found x.png"),
            (["--look-from", "0"], 64, "--look-from: expected --svg FILE beside it"),
            (["--wav", folder.path("none/x.wav")], 65, "create the directory first"),
            (["--harmonise", model + "/config.json"], 65, "/config.json: midi: expected MThd at the beginning"),
            (["--prime", "nowhere.mid"], 65, "attend: read: could not read nowhere.mid"),
        ] {
            let command = try Command.run(
                ["compose", "--model", model, "--output", folder.path("y.mid")] + arguments)
            #expect(command.status == status && command.errors.contains(sentence), "\(arguments): \(command.errors)")
            #expect(!FileManager.default.fileExists(atPath: folder.path("y.mid")), "\(arguments)")
        }
        let none = try Command.run("compose", "--model", folder.path("none"), "--output", folder.path("x.mid"))
        #expect(none.status == 65 && none.errors.contains("expected a folder with config.json"), "\(none.errors)")
    }
}

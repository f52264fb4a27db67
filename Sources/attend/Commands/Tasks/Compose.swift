import ArgumentParser
import Attention
import AttentionCommand
import AttentionFiles

struct Compose: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a chorale in four voices, of nothing, behind a beginning, or to a melody.",
        discussion: """
            What is given stands on the grid of sixteenths and is kept: note names are quarter notes of the soprano; a MIDI file has one voice, \
            which is the soprano, or four. A bar has four quarters, counted from the first note. Voices stay in the ranges that Bach writes. \
            The same seed writes the same notes.
            """)

    @Option(
        help: ArgumentHelp(
            "A folder with config.json and model.safetensors, such as Examples/Chorales leaves.", valueName: "dir"))
    var model: String
    @Option(
        help: ArgumentHelp(
            "What it begins with: a MIDI file, or names such as \"C4 E4 G4\".", valueName: "file.mid|notes"))
    var prime: String?
    @Option(help: ArgumentHelp("A melody to add alto, tenor and bass to; as long as it is.", valueName: "file.mid"))
    var harmonise: String?
    @Option(parsing: .unconditional, help: "Bars of four quarters, what is given included; 16 unless given.")
    var bars: Int?
    @Option(parsing: .unconditional, help: "Below 1 likely notes become likelier; 0 takes the likeliest.")
    var temperature = 0.9
    @Option(parsing: .unconditional, help: "Draw among the likeliest notes with this share.")
    var topP = 0.95
    @Option(parsing: .unconditional, help: "Draw so many chorales and keep the likeliest.")
    var candidates = 1
    @Option(parsing: .unconditional, help: "Where randomness comes from.")
    var seed: UInt64 = 0
    @Option(parsing: .unconditional, help: "Quarter notes a minute.")
    var tempo = 76
    @Option(help: ArgumentHelp("Where the notes go.", valueName: "file.mid"))
    var output: String
    @Option(help: ArgumentHelp("Where it goes as sound.", valueName: "file.wav"))
    var wav: String?
    @Option(
        help: ArgumentHelp(
            "Where it goes as a picture, with arcs to the bars that the soprano note at --look-from looked at.",
            valueName: "file.svg"))
    var svg: String?
    @Option(
        parsing: .unconditional,
        help:
            "The step, in sixteenths from 0, of the soprano note whose attention is drawn; the first of the last bar unless given."
    )
    var lookFrom: Int?
    @OptionGroup var threads: ThreadOptions

    func validate() throws {
        if prime != nil, harmonise != nil {
            throw ValidationError("expected one of --prime and --harmonise, found both")
        }
        if harmonise != nil, bars != nil {
            throw ValidationError("--bars: expected none with --harmonise, which is as long as its melody")
        }
        if let bars, !(1...64 ~= bars) { throw ValidationError("--bars: expected 1 to 64, found \(bars)") }
        guard temperature >= 0, temperature.isFinite else {
            throw ValidationError("--temperature: expected at least 0, found \(temperature)")
        }
        guard topP > 0, topP <= 1 else {
            throw ValidationError("--top-p: expected above 0 and at most 1, found \(topP)")
        }
        guard 1...64 ~= candidates else { throw ValidationError("--candidates: expected 1 to 64, found \(candidates)") }
        guard 4...1000 ~= tempo else { throw ValidationError("--tempo: expected 4 to 1000, found \(tempo)") }
        if output.isEmpty { throw ValidationError("--output: expected a file for the notes") }
        if let given = harmonise ?? prime, Directory.isOneFile(given, output) {
            throw ValidationError("--output: expected another file than what is given, found \(output)")
        }
        for (path, option, ending) in [(wav, "--wav", ".wav"), (svg, "--svg", ".svg")] {
            if let path { try FileEnding.check(path, option, among: [ending]) }
        }
        if lookFrom != nil, svg == nil { throw ValidationError("--look-from: expected --svg FILE beside it") }
    }

    func run() throws {
        threads.apply()
        for path in [output, wav, svg].compactMap(\.self) { try AtomicFile.check(path) }
        let (outline, givenCount) = try outline()
        var writer = try ChoraleWriter(path: model)
        (writer.temperature, writer.topP, writer.candidateCount) = (temperature, topP, candidates)
        let written = try writer.write(outline, key: RandomKey(seed: seed))[0]
        let chorale = written.chorale
        let score = chorale.score(quartersPerMinute: tempo)
        try score.midi.write(to: output)
        if let wav {
            let synthesizer = Synthesizer()
            try Sound(try synthesizer(score), sampleRate: synthesizer.sampleRate).write(to: wav)
        }
        if let svg {
            let step = lookFrom ?? (chorale.stepCount - 1) / ChoraleGrid.stepsPerBar * ChoraleGrid.stepsPerBar
            let gaze = try writer.gaze(.soprano, step: step, in: chorale)
            let title = "\(output): seed \(seed), \(written.meanLogProbability.shown(3)) nats a note"
            let picture = PianoRoll(
                chorale, title: title, gaze: gaze, firstWritten: harmonise == nil ? givenCount : nil)
            try AtomicFile.write(Array(picture.svg.utf8), to: svg)
        }
        try Results.print(
            "\(output): \(chorale.stepCount) steps, ln P \(written.meanLogProbability.shown(3)) a note")
    }

    /// What is given, and how many steps of it.
    private func outline() throws -> (outline: ChoraleOutline, givenCount: Int) {
        if let harmonise {
            let voices = try Self.voices(ofFile: harmonise)
            return (try ChoraleOutline(harmonizing: voices[0]), voices[0].count)
        }
        let voices = try prime.map { try Self.voices(of: $0) } ?? []
        let stepCount = (bars ?? 16) * ChoraleGrid.stepsPerBar
        return (try ChoraleOutline(stepCount: stepCount, beginning: voices), voices.first?.count ?? 0)
    }

    /// - Throws: what is wrong with a MIDI file, and where it lies.
    private static func voices(ofFile path: String) throws -> [[Int?]] {
        do { return try MusicScore(try MIDIFile(contentsOf: path)).voices() } catch {
            throw UnreadableMusic(path: path, error: error)
        }
    }

    /// The voices of a MIDI file, or of names a quarter note each.
    private static func voices(of prime: String) throws -> [[Int?]] {
        if prime.lowercased().hasSuffix(".mid") || prime.lowercased().hasSuffix(".midi") {
            return try voices(ofFile: prime)
        }
        let line = try NoteName.pitches(of: prime).flatMap {
            [Int?](repeating: $0, count: ChoraleGrid.stepsPerQuarter)
        }
        return [line]
    }
}

/// A MIDI file that cannot be read, and where it lies.
private struct UnreadableMusic: DataFault, CustomStringConvertible {
    let path: String
    let error: MusicError

    var description: String {
        if case .file = error { "\(error)" } else { "\(path): \(error)" }
    }
}

extension MusicError: DataFault {}

import ArgumentParser
import Attention
import AttentionCommand
import AttentionFiles

struct Transcribe: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write down what is said in a sound.",
        discussion: """
            Sounds are WAV or FLAC files of any rate and number of channels; - is standard input, which is heard as it arrives. Text appears as it is \
            certain: of a sound longer than the model's window (30 s) in stretches, of a shorter one at once. Of a file that is cut short is heard \
            what is there, and said what is not. Of several sounds each has a line of its own, behind its name. With --json an answer is an object \
            of file, language, text and segments (start and end in seconds, text, tokens, and how sure the model is).
            """)

    @Argument(help: ArgumentHelp("The sounds.", valueName: "sound"))
    var sounds: [String]
    @Option(
        help: ArgumentHelp(
            "A folder with config.json, model.safetensors, preprocessor_config.json and a tokenizer.", valueName: "dir")
    )
    var model: String
    @OptionGroup(title: "Form") var form: TranscriptOptions
    @OptionGroup(title: "Speech") var speech: SpeechOptions
    @OptionGroup var attention: AttentionOptions
    @OptionGroup var ablation: AblationOptions
    @OptionGroup var precision: PrecisionOptions
    @OptionGroup var threads: ThreadOptions

    func validate() throws {
        try attention.validate(count: sounds.count)
        guard sounds.filter({ $0 == "-" }).count <= 1 else {
            throw ValidationError("expected standard input (-) once, found it again")
        }
        if let name = form.subtitles?.option, sounds.count > 1 {
            throw ValidationError("\(name): expected one sound, found \(sounds.count)")
        }
    }

    func run() throws {
        threads.apply()
        Interruption.endsLines()
        if let path = attention.attention { try AtomicFile.check(path) }
        var transcriber = try precision { try Transcriber(path: model) }
        transcriber.settings = speech.settings(for: form)
        var run = TaskRun(observing: attention.selection)
        for path in sounds {
            var writer = TranscriptWriter(form: form, name: path, isAlone: sounds.count == 1)
            var shortage: SoundShortage?
            do {
                try writer.finish(
                    try precision {
                        try ablation(of: transcriber) {
                            var reader = try path == "-" ? SoundReader.standardInput() : SoundReader(contentsOf: path)
                            reader.onShortage = { shortage = $0 }
                            try writer.begin()
                            return try transcriber.transcribe(reader, in: &run) { try writer.add($0) }
                        }
                    })
            } catch let error as SignalError {
                throw UnreadableSound(path: path, error: error)
            }
            shortage?.report(of: path)
        }
        try attention.write(run)
    }
}

/// A sound that cannot be read, and where it lies.
struct UnreadableSound: DataFault, CustomStringConvertible {
    let path: String
    let error: SignalError

    var description: String {
        if case .file = error { "\(error)" } else { "\(path.soundName): \(error)" }
    }
}

extension SoundShortage {
    /// Says so on standard error.
    func report(of path: String) { Diagnostics.print("attend: \(path.soundName): \(self)") }
}

extension String {
    /// What the sound at this path is called.
    fileprivate var soundName: String { self == "-" ? "standard input" : self }
}

extension SpeechError: DataFault {}
